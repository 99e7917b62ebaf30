"""Pure rules of the school year, classes, enrolment and timetables: facts in, answers out."""
