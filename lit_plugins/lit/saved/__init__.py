"""Saves the datapoints that users add, in files of the data folder."""
