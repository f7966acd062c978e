-- A handoff begins one verification for each candidate, however many control planes hear of it. Verifications without a handoff may repeat.
CREATE UNIQUE INDEX verifications_of_handoff ON verifications (project, handoff_id, version);
