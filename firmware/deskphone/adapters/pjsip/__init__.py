"""Calls, recorders and notices on pjsua2. One thread, `sip`, owns every object of the library."""
