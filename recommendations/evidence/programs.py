"""The bytes and the endings of what a computer would run, unpack or show as a web page."""

PROGRAM_STARTS = (
    *(b"MZ", b"\x7fELF", b"#!", b"L\0\0\0\x01\x14\x02", b"\xca\xfe\xba\xbe"),
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
)
ARCHIVE_STARTS = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"ITSF")
ZIP_START = b"PK\x03\x04"  # also of Office files
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of Outlook messages and old Office files

# As patterns. A computer decides by these endings to run the content, whatever it is.
PROGRAM_ENDINGS = (
    r"exe|dll|com|scr|pif|cpl|msi|msp|bat|cmd|ps1|psm1|vbs|vbe|jse?|ws[fh]|hta|jar|lnk|url|reg|inf"
    r"|iso|img|vhdx?|chm|sh|py|app|dmg|apk|one|scf|settingcontent-ms|library-ms|desktop"
)
WEB_PAGE_ENDINGS = r"html?|xhtml|svg|mht|mhtml"
MACRO_ENDINGS = r"docm|dotm|xlsm|xltm|xlsb|xlam|pptm|ppsm|potm"
ARCHIVE_ENDINGS = r"zip|rar|7z|cab|gz|tar|bz2|xz"
