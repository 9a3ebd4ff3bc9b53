"""Views of a report. Each is made from the plain data of ``Report.to_dict`` and knows nothing of the library."""
