"""A university that does not exist, in a 25Live that speaks as the real one does.

`places` has its buildings, `terms`, `occasions` and `closures` what happens in them, `days`
puts a day together, `wire` tells it in 25Live's words, and `DemoCampus` serves that.
"""

from demo.campus.campus_file import CAMPUS_ID, write_campus_file
from demo.campus.server import DemoCampusServer

__all__ = ["CAMPUS_ID", "DemoCampusServer", "write_campus_file"]
