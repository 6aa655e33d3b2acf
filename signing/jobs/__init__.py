"""What workers do. Plain functions that a test or a shell can call; a job never rings, it gives back what should follow."""
