"""Everything that is published of a year as files, made by the worker in constant memory.

contents.py    what an export holds: tables with typed columns, their rows read as they are written
package.py     a Fiscal Data Package
workbook.py    a workbook, and Parquet
making.py      the job
"""
