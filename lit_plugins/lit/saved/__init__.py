"""Datapoints that users add, kept in files of the data folder."""
