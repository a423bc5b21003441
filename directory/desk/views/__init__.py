"""The directory's back office, a file per noun. The first line of each view says who may."""
