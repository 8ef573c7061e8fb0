"""How the lists and bookings that a provider shows become the text of a campus file.

`choosing` says which rooms are classrooms, `naming` which building each is in, `hours` when
that is open, `zones` where on earth it is; `campus_text` writes it down. Nothing here asks
anybody anything.
"""
