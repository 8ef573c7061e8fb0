"""A university that does not exist, on a fake 25Live or a fake EMS.

`buildings` has its rooms; `weekly_classes`, `one_off_bookings` and `closures` what takes them;
`planned_closures` what only the campus file knows;
`day_bookings` joins a day; `live25_json` writes it as 25Live does; `server` serves it, `ems`
as EMS does.
"""

from demo.campus.campus_file import CAMPUS_ID, write_campus_file
from demo.campus.ems import demo_ems
from demo.campus.server import demo_live25

__all__ = ["CAMPUS_ID", "demo_ems", "demo_live25", "write_campus_file"]
