"""What is free, and how sure that is: everything that knows no Discord."""
