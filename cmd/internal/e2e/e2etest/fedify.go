package e2etest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/realpart"
)

// Tell posts an order to one of the control addresses and reads its answer.
func (f *Fedify) Tell(path string, order, into any) {
	f.t.Helper()
	text, err := json.Marshal(order)
	if err != nil {
		f.t.Fatal(err)
	}
	got, err := http.Post(f.Base+path, "application/json", bytes.NewReader(text))
	if err != nil {
		f.t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != http.StatusOK {
		f.t.Fatalf("Fedify %s: %d, %v\n%s", path, got.StatusCode, err, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		f.t.Fatalf("Fedify %s: %v\n%s", path, err, body)
	}
}

// Say makes Fedify's account say something about an article to the author.
func (f *Fedify) Say(s *Site, what string, a Filed, id, text string) string {
	f.t.Helper()
	var said map[string]string
	f.Tell("/control/say", map[string]string{"what": what, "to": s.Actor(), "article": s.ObjectID(a), "id": id, "text": text}, &said)
	return said["id"]
}

// Fedify is a running server on Fedify, see federation/testdata/fedify.
type Fedify struct {
	t    *testing.T
	Base string
}

// Script is a program for Node that needs a part from npm, beside which it lies
// in a folder of the repository.
func Script(t *testing.T, part, below, program string) *exec.Cmd {
	t.Helper()
	folder, err := filepath.Abs(Source(t, below))
	if err != nil {
		t.Fatal(err)
	}
	node := filepath.Join(folder, "node_modules", ".bin", "node")
	_, err = os.Stat(node)
	realpart.Need(t, part+" (npm ci in "+below+")", err == nil)
	cmd := exec.Command(node, program)
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	return cmd
}

// StartFedify starts the server, which ends with the test, or skips the test
// where Fedify is not installed.
func StartFedify(t *testing.T) *Fedify {
	t.Helper()
	cmd := Script(t, "Fedify", "federation/testdata/fedify", "peer.mjs")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it has no other way to end
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	base, ok := strings.CutPrefix(strings.TrimSpace(line), "listening ")
	if err != nil || !ok {
		t.Fatalf("Fedify did not start: %q, %v", line, err)
	}
	return &Fedify{t: t, Base: base}
}

// Ask calls one of the control addresses and reads its JSON.
func (f *Fedify) Ask(method, path string, into any) {
	f.t.Helper()
	got := Request(f.t, method, f.Base+path)
	if got.Status != http.StatusOK {
		f.t.Fatalf("Fedify %s: %d\n%s", path, got.Status, got.Body)
	}
	if err := json.Unmarshal(got.Body, into); err != nil {
		f.t.Fatalf("Fedify %s: %v\n%s", path, err, got.Body)
	}
}

// Took is what Fedify has verified and handed to its listeners.
func (f *Fedify) Took(n int) []map[string]any {
	f.t.Helper()
	var all []map[string]any
	Eventually(f.t, fmt.Sprintf("Fedify takes %d activities", n), func() bool {
		all = nil
		f.Ask(http.MethodGet, "/control/received", &all)
		return len(all) >= n
	})
	return all
}
