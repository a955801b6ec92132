"""Prints the position of every function in ONNX Runtime's `struct OrtApi`, one `index name` a line.

The positions are offsets that a C compiler computed from the public header, so the table in
dev.forearm.models.ffi.OrtFunction rests on nothing parsed by hand:

    python ort_api_table.py path/to/onnxruntime_c_api.h > ort_api_29.txt
"""

import argparse
import pathlib
import re
import subprocess
import tempfile

MEMBER = re.compile(
    r"ORT_API2_STATUS\(\s*(\w+)|ORT_CLASS_RELEASE\(\s*(\w+)\s*\)|\(\s*ORT_API_CALL\s*\*\s*(\w+)\s*\)"
)


def members(header: str) -> list[str]:
    start = header.index("struct OrtApi {")
    body = header[start : header.index("\n};", start)]
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
    body = re.sub(r"//[^\n]*", "", body)
    return [m[1] or (f"Release{m[2]}" if m[2] else m[3]) for m in MEMBER.finditer(body)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("header", type=pathlib.Path)
    header = parser.parse_args().header
    names = members(header.read_text())
    prints = "".join(
        f'printf("%zu {n}\\n", offsetof(struct OrtApi, {n}) / sizeof(void*));\n' for n in names
    )
    program = (
        f'#include <stddef.h>\n#include <stdio.h>\n#include "{header.resolve()}"\n'
        f"int main(void) {{\n{prints}return 0;\n}}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "table.c")
        source.write_text(program)
        binary = pathlib.Path(folder, "table")
        subprocess.run(["cc", "-o", binary, source], check=True)
        print(subprocess.run([binary], check=True, capture_output=True, text=True).stdout, end="")


if __name__ == "__main__":
    main()
