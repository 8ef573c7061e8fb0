"""What `/free` answers: the layout here, and a module for the heading, rooms and controls each."""
