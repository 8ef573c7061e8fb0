"""Discovery: from the lists and bookings of a provider to a campus file.

`wizard` runs it. `classroom_filter` selects the classrooms, `building_names` assigns them to
buildings, `timezone_guess` finds the time zone and `campus_file_writer` renders the file;
these four compute from values alone.
"""
