"""One reader for each way in which lists of services come; which one, is told from the source.

==========================  ====================================================================
:mod:`.hsds_files`          HSDS 1, 2 and 3 as CSV, one file a table
:mod:`.hsds_json`           HSDS 3 and Open Referral UK v3 as JSON: records, lists, tabular
:mod:`.hsds`                what both of these become: tables, and from them records
:mod:`.connect`             the CSV that Connect (a London borough's directory) gives out
:mod:`.askdarcel`           the CSV of AskDarcel (San Francisco's directory)
:mod:`.spreadsheet`         one row a service, .xlsx or .csv, with a file that says which column
                            is what
==========================  ====================================================================
"""

from directory.imports.readers.choosing import UnknownSource, read_source

__all__ = ["UnknownSource", "read_source"]
