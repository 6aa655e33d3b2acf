"""What workers do. Plain functions; a job never rings, it gives back what should follow."""
