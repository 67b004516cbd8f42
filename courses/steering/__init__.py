"""Steering of courses: who is to take which, who is exempt, who is key person where, and how far units have come."""
