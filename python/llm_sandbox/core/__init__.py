"""What sessions are made of."""
