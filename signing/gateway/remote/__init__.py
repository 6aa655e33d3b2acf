"""What the adapter to another CertSign is made of: the wire, its calls, the files it gives back, the entries."""
