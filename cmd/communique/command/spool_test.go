package command

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"communique/cmd/internal/newsroom"
)

// TestSpool: lines come back whole and in their order, a few from memory and many from a
// file, which is gone afterwards.
func TestSpool(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, n := range []int{0, 3, 50_000} {
		var s spool
		for i := range n {
			if err := s.add(fmt.Sprintf("page %d: a\nb", i)); err != nil {
				t.Fatal(err)
			}
		}
		if s.near.Len() > nearBytes || (s.file != nil) != (n > 1000) {
			t.Errorf("%d lines: %d bytes in memory, file %v", n, s.near.Len(), s.file != nil)
		}
		at := 0
		err := s.each(func(line string) error {
			if want := fmt.Sprintf("page %d: a b", at); line != want {
				return fmt.Errorf("line %d is %q", at, line)
			}
			at++
			return nil
		})
		if err != nil || at != n || s.lines != n {
			t.Errorf("%d of %d lines: %v", at, n, err)
		}
		s.close()
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
		t.Errorf("left in the folder of temporary files: %v %v", left, err)
	}
}

// TestMovedPages: of pages with one old address the first has it, and addresses that
// differ in case alone are told apart.
func TestMovedPages(t *testing.T) {
	t.Parallel()
	m := newMovedPages()
	defer m.lines.close()
	for _, from := range []string{"/b", "/a", "/A", "/b"} {
		if err := m.add([]newsroom.Redirect{{From: from, To: "https://press.example/" + fmt.Sprint(m.lines.lines)}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		write func(io.Writer, *movedPages) error
		want  string
	}{
		{nginxMap, "\"/b\" \"https://press.example/0\";\n\"~^/a$\" \"https://press.example/1\";\n\"~^/A$\" \"https://press.example/2\";\n"},
		{apacheMap, "/b https://press.example/0\n/a https://press.example/1\n/A https://press.example/2\n"},
	} {
		var b strings.Builder
		if err := test.write(&b, m); err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(b.String(), "\n")
		if got := strings.Join(lines[len(lines)-4:], ""); got != test.want {
			t.Errorf("got\n%s\nwant\n%s", got, test.want)
		}
	}
}
