package stories

import (
	"crypto/tls"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/https/httpstest"
	"communique/cmd/internal/realpart"
)

// certificates in the environment is the folder with the certificate of the server beside which
// a site is tried out; a test that finds it there has a network of its own.
const certificates = "COMMUNIQUE_CERTIFICATES"

// testServer is where that server is.
const testServer = "10.77.0.1"

// TestStaging: a site that is tried out beside a server on a private network answers that and
// delivers there, if private_networks names the network; else it does not even connect to it.
func TestStaging(t *testing.T) {
	e2etest.NeedsFile(t)
	folder := os.Getenv(certificates)
	if folder == "" {
		inANetworkOfItsOwn(t)
		return
	}
	certificate, err := tls.LoadX509KeyPair(filepath.Join(folder, httpstest.CertificateFile), filepath.Join(folder, httpstest.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	p := e2etest.NewSecurePeer(t, testServer, certificate)
	s := e2etest.NewFolder(t)
	const site = "press.mfa.example"
	s.Init("https://" + site)
	s.Must("section", "add", "The Ministry > The Minister > Activities")
	s.Configure(`listen: ""`, "listen: "+s.Base[len("http://"):])
	follow := func() int {
		l := p.Letter(s.Inbox(), p.Follow("https://"+site+"/actors/ministry"))
		l.Host, l.Request.Host = site, site
		l.Sign(t)
		return l.Post(t)
	}

	s.Configure("private_networks: []", "private_networks: [10.78.0.0/16]")
	s.Serve()
	e2etest.Equal(t, "the answer to a server on a network that is not named", follow(), 401)
	e2etest.Equal(t, "what that was asked", p.AllRequests(), map[string]int{})
	s.Stop()

	s.Configure("[10.78.0.0/16]", "[10.77.0.0/16]")
	s.Serve()
	e2etest.Equal(t, "the answer to one on a network that is named", follow(), 202)
	s.Publish("A statement")
	all := p.WaitFor(2)
	e2etest.Equal(t, "what arrives", []string{all[0].Kind(), all[1].Kind()}, []string{"Accept", "Create"})
}

// inANetworkOfItsOwn runs the test again where this machine has the address of a private network,
// at which whoever connects to the port of https finds the test, and nobody else can.
func inANetworkOfItsOwn(t *testing.T) {
	t.Helper()
	folder := t.TempDir()
	httpstest.Certify(t, testServer, time.Now().Add(time.Hour)).Write(t, folder)
	program := exec.CommandContext(t.Context(), realpart.Program(t, "unshare"), "--map-root-user", "--net", "sh", "-c",
		`ip link set lo up && ip address add `+testServer+`/32 dev lo && exec "$0" "$@"`, os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	realpart.Program(t, "ip")
	program.Env = append(os.Environ(), certificates+"="+folder, "SSL_CERT_FILE="+filepath.Join(folder, httpstest.CertificateFile))
	said, err := program.CombinedOutput()
	t.Logf("%s", said)
	if err != nil {
		t.Error(err)
	}
}
