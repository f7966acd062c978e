-- Listing a folder is a range by code point, whatever the database's own collation.
CREATE INDEX artifact_files_by_path ON artifact_files (project, path COLLATE "C");
