-- What a replay needs beside the payload (what its references meant, live or history), encrypted; null for older items.
ALTER TABLE quarantine ADD COLUMN context BLOB;
