package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"communique/cmd/internal/bench"
)

func TestMain(m *testing.M) {
	switch {
	case filepath.Base(os.Args[0]) == "wrk":
		os.Exit(likeWrk(os.Args[1:]))
	case len(os.Args) > 1 && os.Args[1] == bareArgument:
		main() // the test binary is the program itself
	default:
		os.Exit(m.Run())
	}
}

// likeWrk asks as wrk does and prints what is read of its report, for machines
// that have no wrk.
func likeWrk(args []string) int {
	const requests = 20
	var flags flag.FlagSet
	var header string
	flags.Func("H", "", func(text string) error {
		header = text // the last one is the one that matters
		return nil
	})
	for _, name := range []string{"t1", "c32", "d1s"} {
		flags.Bool(name, false, "")
	}
	if err := flags.Parse(args); err != nil {
		return 2
	}
	for range requests {
		r, err := http.NewRequest(http.MethodGet, flags.Arg(0), nil)
		if err != nil {
			return 1
		}
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return 1
		}
		_ = answer.Body.Close()
		if answer.StatusCode/100 != 2 && answer.StatusCode != http.StatusNotModified {
			fmt.Println("  Non-2xx or 3xx responses: 1")
		}
	}
	fmt.Printf("  %d requests in 1.00s, 1.00MB read\nRequests/sec:  %d.00\n", requests, requests)
	return 0
}

// TestReaders compares two installations of this very source: everything is
// asked, and each answer is the one that was meant.
func TestReaders(t *testing.T) {
	tools := t.TempDir()
	binary := filepath.Join(tools, "communique")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "communique/cmd/communique").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(tools, "wrk")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", tools+string(filepath.ListSeparator)+os.Getenv("PATH"))
	folders := map[string]string{"-small": t.TempDir(), "-large": t.TempDir()}
	args := []string{"-communique", binary, "-rounds", "1", "-only", "200,304,section,archive,first-feed,first-section"}
	for flag, folder := range folders {
		i, err := bench.Install(t.Context(), binary, folder)
		if err == nil {
			err = i.Run(t.Context(), "section", "add", "The Ministry > The Minister > Activities")
		}
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, flag, folder)
	}
	var out, progress strings.Builder
	if err := run(t.Context(), args, nil, &out, &progress); err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	for _, want := range []string{"200", "304", "section", "archive", "first-feed", "first-section"} {
		for _, server := range []string{measured, "large"} {
			if !regexp.MustCompile(`(?m)^` + want + ` +` + server + ` `).MatchString(out.String()) {
				t.Errorf("%s is not asked of %s:\n%s", want, server, out.String())
			}
		}
	}
	if !regexp.MustCompile(`(?m)^200 +bare `).MatchString(out.String()) {
		t.Errorf("there is no bare server:\n%s", out.String())
	}
}

// TestReadersSayWhatTheyNeed: an incomplete command line, and installations that
// are not there, are told.
func TestReadersSayWhatTheyNeed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"nothing":         {nil, "-communique"},
		"an unknown flag": {[]string{"-fast"}, "not defined"},
		"no installation": {[]string{"-communique", "communique", "-small", t.TempDir()}, "no installation"},
	} {
		err := run(t.Context(), c.args, nil, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
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
	defer func() {
		if err := bare.process.Stop(); err != nil {
			t.Error(err)
		}
	}()
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
