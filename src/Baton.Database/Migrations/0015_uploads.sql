-- Uploads under way; their bytes are files of the blob store (uploads/ID). kind: resumable, or multipart with its number of parts.
-- digest is told before the bytes become a blob. A finished one keeps its row for a day, so that whoever missed the answer can ask.
CREATE TABLE uploads (
    project    TEXT NOT NULL,
    id         TEXT NOT NULL,
    kind       TEXT NOT NULL,
    path       TEXT NOT NULL,
    size       BIGINT NULL,
    parts      BIGINT NULL,
    digest     TEXT NULL,
    finished   BOOLEAN NOT NULL,
    touched_at BIGINT NOT NULL,
    PRIMARY KEY (project, id)
);
CREATE INDEX uploads_by_touch ON uploads (touched_at);

-- First segments of the paths of files: whoever adds a file locks the row, so that no file comes to stand below another.
CREATE TABLE artifact_branches (
    project TEXT NOT NULL,
    name    TEXT NOT NULL,
    PRIMARY KEY (project, name)
);

-- Who collects unused blobs asks by digest, over all projects.
CREATE INDEX artifact_files_by_digest ON artifact_files (digest);
CREATE INDEX blob_references_by_digest ON blob_references (digest);
CREATE INDEX uploads_by_digest ON uploads (digest);
