package importer

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

var update = flag.Bool("update", false, "write the golden files anew")

// TestReadPage reads pages of a ministry that does not exist, in the shapes and
// encodings of many content management systems; what comes out lies beside them.
func TestReadPage(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(filepath.Join("testdata", "pages", "*.[ht]*"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages (%v)", err)
	}
	for _, file := range pages {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			page, err := ReadPage(name, raw, Options{Zone: berlin(t), Language: "en"})
			if err != nil {
				t.Fatal(err)
			}
			got := printed(t, page)
			golden := strings.TrimSuffix(file, filepath.Ext(file)) + ".golden"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// printed is the JSON of a page, indented to be read.
func printed(t *testing.T, p Page) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadPageProblems(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"empty", []byte(" \n\t"), "a.html: the file is empty"},
		{"over-long", bytes.Repeat([]byte("x"), MaxPage+1), "a.html: the file is larger than 4 MiB"},
		{"no encoding", []byte("<html><body><p>caf\xe9 \xff\xfe</p></body></html>"), "a.html: the text is not UTF-8 and names no encoding"},
		{"unknown encoding", []byte("<html><meta charset=klingon><body><p>caf\xe9</p></body></html>"), `a.html: the page names the encoding "klingon"`},
		{"declared UTF-8 and is not", []byte("<html><meta charset=utf-8><body><p>caf\xe9</p></body></html>"), "a.html: the page says that it is UTF-8"},
		{"declared Shift_JIS and is not", []byte("<html><meta charset=shift_jis><body><p>" + strings.Repeat("\xff\xfe", 40) + "</p></body></html>"), "a.html: the page says that it is shift_jis"},
		{"too deep", []byte("<html>" + strings.Repeat("<div>", 2000) + "x"), "a.html: the page is nested so deeply"},
	} {
		p, err := ReadPage("a.html", tt.raw, Options{Zone: berlin(t), Language: "en"})
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s…", tt.name, err, tt.want)
		}
		if p.File != "a.html" || p.Refused == "" || len(p.Problems) == 0 || p.Complete() {
			t.Errorf("%s: the page does not tell: %+v", tt.name, p)
		}
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, raw, header, want string }{
		{"valid UTF-8 wins over the declaration", "<meta charset=windows-1251>Größe", "", "Größe"},
		{"byte order mark", "\xef\xbb\xbfGröße", "iso-8859-1", "Größe"},
		{"UTF-16", "\xff\xfeG\x00r\x00\xf6\x00", "", "Grö"},
		{"declared Latin-1 is Windows-1252", "<meta charset=iso-8859-1>\x93caf\xe9\x94", "", "“café”"},
		{"gb2312 is GB 18030", "<meta charset=gb2312>\x81\x30\x81\x34", "", "\u0084"},
		{"header before meta", "<meta charset=windows-1251>\xe9t\xe9", "windows-1252", "été"},
		{"ISO-2022-JP is ASCII bytes", "<meta charset=iso-2022-jp>\x1b$B4A\x1b(B", "", "漢"},
	} {
		got, _, err := decode([]byte(tt.raw), tt.header)
		if err != nil || !strings.HasSuffix(got, tt.want) {
			t.Errorf("%s: %q (%v), want …%q", tt.name, got, err, tt.want)
		}
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	p := Page{Title: "a", Date: "2026-03-01T00:00:00Z", Language: "en", Body: "<p>b</p>"}
	q := p
	q.Body = "<p>c</p>"
	if p.Identity() == q.Identity() || !strings.HasPrefix(p.Identity(), "sha256:") {
		t.Errorf("identities %s and %s", p.Identity(), q.Identity())
	}
	p.Canonical, q.Canonical = "https://a.example/1", "https://a.example/1"
	if p.Identity() != "https://a.example/1" || p.Identity() != q.Identity() {
		t.Errorf("identities %s and %s", p.Identity(), q.Identity())
	}
}

// TestReadPageIsLinear feeds shapes that make careless readers quadratic: the
// test is that they end.
func TestReadPageIsLinear(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"<a", "<a ", "<a>", "<p>x", "<br>x", "<div><img src=/a.png></div>", "<embed src=x>", "<p>related</p>", "<h1>x", "[a](b) > "} {
		page, err := ReadPage("a.html", []byte("<html><h1>Title</h1>"+strings.Repeat(piece, (1<<18)/len(piece))), Options{Zone: berlin(t), Language: "en"})
		if err != nil && page.Refused == "" {
			t.Errorf("%q: %v", piece, err)
		}
	}
}

// TestReadPageEnds puts words around what is taken out above a title. A blank stays
// where they would become one, and whoever takes all that stands above must not come
// upon it for ever.
func TestReadPageEnds(t *testing.T) {
	t.Parallel()
	text := "<br><br>" + strings.Repeat("The ministry follows the talks at Port Almira. ", 10) + "<br><br>" + strings.Repeat("The ministers meet again in March. ", 10)
	for _, above := range []string{"Press<i>room</i>", "Press<i>room</i>2", "<i>1</i><i>2</i><i>3</i>", "<span>Press</span><a href=/a>room</a><i>x</i>", "a<!-- -->b", "1<img src=/a.png>2<i>3</i>4"} {
		for _, title := range []string{"<b>Talks at Port Almira</b>", "<font size=4><b>Talks at Port Almira</b></font>", "<h1 style=display:inline>Talks at Port Almira</h1>", "<i>4</i><b>Talks at Port Almira</b>"} {
			for _, box := range []string{"<td>%s</td>", "<div>%s</div>", "<font>%s</font>", "<div><span>%s</span></div>"} {
				page := "<html><table><tr>" + strings.ReplaceAll(box, "%s", above+title+text) + "</table>"
				p, err := ReadPage("a.html", []byte(page), Options{Zone: berlin(t), Language: "en"})
				if err != nil || !strings.Contains(string(p.Body), "meet again in March.") {
					t.Errorf("%s: %v, %s", page, err, p.Body)
				}
			}
		}
	}
}

func FuzzReadPage(f *testing.F) {
	pages, err := filepath.Glob(filepath.Join("testdata", "pages", "*.[ht]*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range pages {
		raw, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := ReadPage("a.html", raw, Options{Zone: berlin(t), Language: "en"})
		switch {
		case err != nil && p.Refused == "":
			t.Errorf("an error without a refused page: %v", err)
		case p.Refused != "" && (p.Body != "" || len(p.Problems) == 0):
			t.Errorf("refused and yet there: %+v", p)
		case (p.Date == "") != p.Published.IsZero():
			t.Errorf("date %q of instant %v", p.Date, p.Published)
		}
		if _, err := json.Marshal(p); err != nil {
			t.Error(err)
		}
	})
}

func TestReadPageWithoutZone(t *testing.T) {
	t.Parallel()
	p, err := ReadPage("a.html", []byte("<html lang=en><h1>The talks</h1><p class=date>3 February 2026</p><p>"+strings.Repeat("The talks went well. ", 20)+"</p>"), Options{})
	if err != nil || p.Date != "" || p.Complete() {
		t.Errorf("a date without a zone became %q (%v)", p.Date, err)
	}
	if len(p.Problems) == 0 || !strings.Contains(p.Problems[0], "has no zone and none is configured") {
		t.Errorf("problems %q", p.Problems)
	}
}
