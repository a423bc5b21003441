"""Bringing other people's lists in: services from several formats, and postcodes.

One reader per format (:mod:`directory.imports.readers`) makes the same records
(:mod:`directory.imports.records`); :mod:`directory.imports.cleaning` refuses or repairs what cannot
be kept; :mod:`directory.imports.writing` compares them with the database and writes what differs.
"""
