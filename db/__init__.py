"""The only speaker of SQL. Functions take a Session, keep to one transaction and never commit."""
