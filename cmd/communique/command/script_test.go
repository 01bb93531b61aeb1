package command_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/port"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts are the stories of testdata/script: an operator and an editor at
// their terminals. Beside testscript's own commands they have:
//
//	keep NAME FIELD   a field of the JSON that was printed last, as $NAME
//	port NAME         a port of this machine that is kept for the script, as $NAME
//	site ADDRESS      waits until a server answers there
//	get ADDRESS       prints the status and the body that a browser gets
//	fails STATUS CMD  runs a command that must end with an exit status
//	only-json         what was printed last is one JSON object a line
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"keep": keepField, "port": keepPort, "site": awaitSite, "get": getPage, "fails": mustFail, "only-json": onlyJSON,
		},
	})
}

func keepField(ts *testscript.TestScript, _ bool, args []string) {
	var fields map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &fields))
	value, ok := fields[args[1]]
	if !ok {
		ts.Fatalf("there is no field %s in %v", args[1], fields)
	}
	ts.Setenv(args[0], fmt.Sprint(value))
}

func keepPort(ts *testscript.TestScript, _ bool, args []string) {
	reserved, err := port.Reserve()
	ts.Check(err)
	ts.Defer(func() { _ = reserved.Release() }) // the script is over
	ts.Setenv(args[0], fmt.Sprint(reserved.Number()))
}

var scriptClient = &http.Client{Timeout: e2etest.Hang}

func awaitSite(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(e2etest.Hang); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if answer, err := scriptClient.Get(args[0]); err == nil {
			ts.Check(answer.Body.Close())
			return
		}
	}
	ts.Fatalf("nothing answers at %s", args[0])
}

func getPage(ts *testscript.TestScript, _ bool, args []string) {
	r, err := http.NewRequest(http.MethodGet, args[0], nil)
	ts.Check(err)
	r.Header.Set("Accept", "text/html, */*;q=0.5")
	answer, err := scriptClient.Do(r)
	ts.Check(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d\n%s\n", answer.StatusCode, body)
}

func mustFail(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); !errors.As(err, &exit) || exit.ExitCode() != want {
		ts.Fatalf("%s: %v, want exit status %d", strings.Join(args[1:], " "), err, want)
	}
}

func onlyJSON(ts *testscript.TestScript, _ bool, _ []string) {
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			ts.Fatalf("%q is not a JSON object: %v", line, err)
		}
	}
}
