#!/usr/bin/env python3
"""Cuts three patients out of the 100 Synthea patients of the bulk-data server, in both forms. See PROVENANCE.md.
usage: make.py FOLDER_OF_TRANSACTION_BUNDLES FOLDER_OF_NDJSON"""
import gzip, json, pathlib, sys
PATIENTS = ["c536dee9-9ef6-4807-ae20-9f1045c9c7d6", "33f95545-e4cd-4535-a9ce-f91438f6f5ec", "b4405d0c-89e6-4788-b34a-f013480249c3"]
KEPT = {"Patient", "Encounter", "Condition", "Observation", "Procedure", "MedicationRequest", "Immunization", "Organization", "Practitioner"}
bundles, lines = map(pathlib.Path, sys.argv[1:])
here = pathlib.Path(__file__).parent
(here / "bundles").mkdir(exist_ok=True); (here / "ndjson").mkdir(exist_ok=True)
for number, patient in enumerate(PATIENTS, 1):
    (file,) = bundles.glob(f"*_{patient}.json")
    bundle = json.loads(file.read_text())
    bundle["entry"] = [e for e in bundle["entry"] if e["resource"]["resourceType"] in KEPT]
    for e in bundle["entry"]: e["resource"].pop("text", None)
    (here / "bundles" / f"patient-{number}.json").write_text(json.dumps(bundle, ensure_ascii=False, separators=(",", ":")) + "\n")
for kind in sorted(KEPT - {"Organization", "Practitioner"}):
    kept = []
    for line in gzip.open(lines / f"{kind}.ndjson.gz", "rt", encoding="utf-8"):
        r = json.loads(line)
        of = r["id"] if kind == "Patient" else (r.get("subject") or r.get("patient"))["reference"].removeprefix("Patient/")
        if of in PATIENTS: kept.append(line if line.endswith("\n") else line + "\n")
    text = "".join(kept).encode()
    if kind == "Observation": (here / "ndjson" / f"{kind}.ndjson.gz").write_bytes(gzip.compress(text, mtime=0))
    else: (here / "ndjson" / f"{kind}.ndjson").write_bytes(text)
    print(kind, len(kept))
