package backup

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// names are the files of a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// put writes files.
func put(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPrune: so many good ones stay, the last good one always, and nothing goes that is not
// ours.
func TestPrune(t *testing.T) {
	t.Parallel()
	const a, b, c, d = "s.example-20261101T020000Z", "s.example-20261102T020000Z", "s.example-20261103T020000Z", "s.example-20261104T020000Z"
	for name, tt := range map[string]struct {
		keep        int
		there, want []string
	}{
		"as many as there are":         {2, []string{a + ".backup", b + ".backup"}, []string{a + ".backup", b + ".backup"}},
		"the oldest go":                {2, []string{a + ".backup", b + ".backup", c + ".backup.age", d + ".backup"}, []string{c + ".backup.age", d + ".backup"}},
		"unproven ones take no place":  {1, []string{a + ".backup", b + ".unproven.backup"}, []string{a + ".backup", b + ".unproven.backup"}},
		"nor do many of them":          {1, []string{a + ".backup", b + ".unproven.backup", c + ".unproven.backup", d + ".unproven.backup"}, []string{a + ".backup", d + ".unproven.backup"}},
		"they go behind a good one":    {2, []string{a + ".unproven.backup.age", b + ".backup.age"}, []string{b + ".backup.age"}},
		"only unproven ones":           {2, []string{a + ".unproven.backup", b + ".unproven.backup", c + ".unproven.backup"}, []string{b + ".unproven.backup", c + ".unproven.backup"}},
		"no number leaves the last":    {0, []string{a + ".backup", b + ".backup"}, []string{b + ".backup"}},
		"a number below leaves it too": {-3, []string{a + ".backup"}, []string{a + ".backup"}},
		"what is not ours": {1,
			[]string{a + ".backup", b + ".backup", "s-example-20261101T020000Z.backup", "xs.example-20261101T020000Z.backup", "s.example-20261301T020000Z.backup", a + ".backup.bak", a + ".backup.1.part", "s.example-8080-20261101T020000Z.backup", "notes.txt"},
			[]string{b + ".backup", "s-example-20261101T020000Z.backup", "xs.example-20261101T020000Z.backup", "s.example-20261301T020000Z.backup", a + ".backup.bak", a + ".backup.1.part", "s.example-8080-20261101T020000Z.backup", "notes.txt"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := Folder{t.TempDir(), "https://s.example"}
			put(t, f.Dir, tt.there...)
			if err := os.Mkdir(filepath.Join(f.Dir, "s.example-20261001T020000Z.backup"), 0o700); err != nil {
				t.Fatal(err)
			}
			if _, err := f.Prune(tt.keep, nil); err != nil || len(names(t, f.Dir)) != len(tt.there)+1 {
				t.Fatalf("of what is not its own something was removed, or %v", err)
			}
			if _, err := f.Prune(tt.keep, tt.there); err != nil {
				t.Fatal(err)
			}
			want := append(slices.Clone(tt.want), "s.example-20261001T020000Z.backup")
			slices.Sort(want)
			if diff := cmp.Diff(want, names(t, f.Dir)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestList: what is in a name is read out of it.
func TestList(t *testing.T) {
	t.Parallel()
	f := Folder{t.TempDir(), "http://127.0.0.1:8080"}
	made := time.Date(2026, 11, 30, 2, 0, 0, 0, time.FixedZone("", 3600))
	want := []File{
		{Made: made.Add(time.Hour).UTC(), Unproven: true, Sealed: true},
		{Made: made.UTC()},
	}
	for i := range want {
		want[i].Name = f.Name(want[i])
		put(t, f.Dir, filepath.Base(want[i].Name))
	}
	got, err := f.List()
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if name := filepath.Base(want[1].Name); name != "127.0.0.1-8080-20261130T010000Z.backup" {
		t.Errorf("the name is %s", name)
	}
	if _, err := (Folder{f.Dir + "/none", f.Site}).List(); err == nil {
		t.Error("there is a folder that is not there")
	}
}

// TestClear removes halves of ours, and nothing else.
func TestClear(t *testing.T) {
	t.Parallel()
	f := Folder{t.TempDir(), "https://s.example"}
	put(t, f.Dir, "s.example-20261101T020000Z.backup.age.123.part", "s.example-20261101T020000Z.backup.7.part", "s.example-20261101T020000Z.backup",
		"t.example-20261101T020000Z.backup.7.part", "press.backup.8.part")
	if err := f.Clear(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"press.backup.8.part", "s.example-20261101T020000Z.backup", "t.example-20261101T020000Z.backup.7.part"}, names(t, f.Dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestDue: a turn comes at two at night, also when the clock of the zone is changed, and
// one that was missed is made up for.
func TestDue(t *testing.T) {
	t.Parallel()
	lisbon, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time {
		t.Helper()
		instant, err := time.ParseInLocation("2006-01-02 15:04", text, lisbon)
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	for name, tt := range map[string]struct {
		made, now string
		every     time.Duration
		want      bool
	}{
		"none was made":                 {"0001-01-01 00:00", "2026-11-30 12:00", 24 * time.Hour, true},
		"it is before two":              {"2026-11-29 02:00", "2026-11-30 01:59", 24 * time.Hour, false},
		"it is two":                     {"2026-11-29 02:00", "2026-11-30 02:00", 24 * time.Hour, true},
		"it was made just now":          {"2026-11-30 02:00", "2026-11-30 02:01", 24 * time.Hour, false},
		"by somebody in the evening":    {"2026-11-29 23:00", "2026-11-30 02:00", 24 * time.Hour, true},
		"in summer":                     {"2026-07-01 02:00", "2026-07-02 01:59", 24 * time.Hour, false},
		"at two in summer":              {"2026-07-01 02:00", "2026-07-02 02:00", 24 * time.Hour, true},
		"the server did not run at two": {"2026-11-28 02:00", "2026-11-30 09:00", 24 * time.Hour, true},
		"each six hours":                {"2026-11-30 02:00", "2026-11-30 08:00", 6 * time.Hour, true},
		"not yet":                       {"2026-11-30 02:00", "2026-11-30 07:59", 6 * time.Hour, false},
	} {
		if got := Due(at(tt.made), at(tt.now), tt.every, lisbon); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
