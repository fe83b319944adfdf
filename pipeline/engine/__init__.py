"""The models for another engine: the portable core of SQL, and how it is worded for Spark."""
