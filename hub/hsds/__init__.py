"""The support offers as an open directory in the form of HSDS 3.1, for anybody to read."""
