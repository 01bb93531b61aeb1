package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == bareArgument {
		main() // the test binary is the program itself
		return
	}
	os.Exit(m.Run())
}

// TestBare: the yardstick writes the very bytes that it was given.
func TestBare(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Content-Type", "application/atom+xml")
		w.Header().Set("Vary", "Accept-Encoding")
		_, _ = w.Write([]byte("the feed"))
	}))
	defer site.Close()
	want, err := (&server{base: site.URL}).ask(t.Context(), feedPath, "")
	if err != nil {
		t.Fatal(err)
	}
	bare, err := serveBare(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	defer bare.stop()
	for tag, status := range map[string]int{"": http.StatusOK, `"x"`: http.StatusNotModified, `"y"`: http.StatusOK} {
		got, err := bare.ask(t.Context(), feedPath, tag)
		if err != nil {
			t.Fatal(err)
		}
		body := string(want.Body)
		if status == http.StatusNotModified {
			body = ""
		}
		if got.Status != status || string(got.Body) != body || got.Header.Get("ETag") != `"x"` || got.Header.Get("Vary") == "" {
			t.Errorf("with the tag %s: %d %v %q", tag, got.Status, got.Header, got.Body)
		}
	}
}

// TestReport: the ratios are the medians of those within a round.
func TestReport(t *testing.T) {
	t.Parallel()
	var r report
	for i, own := range []float64{100, 10, 50} {
		r.add("200", measured, figure{rate: own, cpu: 10})
		r.add("200", "bare", figure{rate: []float64{200, 10, 100}[i], cpu: 5})
		r.add("first", measured, figure{milliseconds: 2})
		r.add("first", "large", figure{milliseconds: 3})
	}
	var out strings.Builder
	if err := r.write(&out); err != nil {
		t.Fatal(err)
	}
	var lines [][]string
	for line := range strings.Lines(out.String()) {
		lines = append(lines, strings.Fields(line))
	}
	for n, want := range map[int][]string{
		2: {"200", "bare", "100", "10", "200", "5.0", "0.00", "0.50", "2.00"},
		4: {"first", "large", "0", "0", "0", "0.0", "3.00", "1.50", "0.00"},
	} {
		if n >= len(lines) || !slices.Equal(lines[n], want) {
			t.Errorf("line %d of the report is not %q:\n%s", n, want, out.String())
		}
	}
}
