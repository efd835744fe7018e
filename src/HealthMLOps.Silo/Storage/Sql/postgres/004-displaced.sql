-- Whom the last write of a row took the resource from, or refused it to: that patient must withdraw what it holds of it.
ALTER TABLE resource_index ADD COLUMN displaced text;
