from buurtwerk.interface.sheets import as_csv, harmless


def test_no_cell_becomes_a_formula():
    for cell in ("=1+1", "+32", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1"):
        assert harmless(cell) == f"'{cell}"


def test_numbers_and_usual_words_stay_as_they_are():
    assert [harmless(cell) for cell in (12, -3, "Huur", None)] == [12, -3, "Huur", None]


def test_a_sheet_has_semicolons_and_the_mark_for_accents():
    assert as_csv([["Café", 1], ["a;b", "=x"]]) == '\ufeffCafé;1\r\n"a;b";\'=x\r\n'
