package faults

import (
	"database/sql"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/https/httpstest"
	"communique/cmd/internal/realpart"
	"communique/storage/postgres/postgrestest"
)

var allAlerts = flag.Bool("faults.alerts", false, "fire every alert rule by its fault, and not one of them alone")

// alertFaults are faults, each done to a server that runs, and the rules that it fires.
var alertFaults = []struct {
	name   string
	rules  []string
	inject func(*testing.T, *prometheus)
}{
	{"another server answers 500", []string{"CommuniqueBacklog"}, failingPeer},
	{"a server ends", []string{"CommuniqueDown"}, endedServer},
	{"another program holds the database as an embargo ends", []string{"CommuniqueReleaseLate"}, lockedRelease},
	{"somebody sets the clock", []string{"CommuniqueEmbargoesHeld"}, setClock},
	{"no backup is made any more", []string{"CommuniqueNoBackup"}, oldBackup},
	{"the folder of the backups is gone", []string{"CommuniqueBackupFailed", "CommuniqueNoBackup"}, lostBackupFolder},
	{"the database has lost an entry", []string{"CommuniqueBackupUnproven"}, spoiledBackup},
	{"the disk is full", []string{"CommuniqueDiskFull"}, fullDisk},
	{"followers leave", []string{"CommuniqueFollowersLost"}, leavingFollowers},
	{"the cache in front takes no purges", []string{"CommuniquePurgeBehind"}, deafCache},
	{"nobody approves what is due", []string{"CommuniqueAlarmUnheard", "CommuniqueHeldBack"}, unapproved},
	{"the mail server is away", []string{"CommuniqueAlarmUnheard", "CommuniqueMailFails"}, lostMail},
	{"the certificate is not renewed", []string{"CommuniqueCertificateExpires"}, endingCertificate},
	{"one of two servers dies, and then their database", []string{"CommuniqueDatabaseAway", "CommuniqueDown", "CommuniqueErrors", "CommuniqueServerMissing"}, dyingParts},
}

// TestAlertsFire: each alert rule is fired by its fault, which is done to a server that
// runs, and by no other; where nothing is wrong none fires. In the short form one is.
func TestAlertsFire(t *testing.T) {
	t.Parallel()
	e2etest.NeedsFile(t) // the one that needs a server of PostgreSQL starts it
	var known []string
	for _, found := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(alertRules(t), -1) {
		known = append(known, found[1])
	}
	var fired []string
	for _, f := range alertFaults {
		fired = append(fired, f.rules...)
	}
	slices.Sort(known)
	slices.Sort(fired)
	e2etest.Equal(t, "the rules that a fault fires", slices.Compact(fired), known)
	for i, f := range alertFaults {
		if i > 0 && !*allAlerts {
			break
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			p := newPrometheus(t)
			f.inject(t, p)
			slices.Sort(p.fired)
			e2etest.Equal(t, "what the fault has fired", slices.Compact(p.fired), f.rules)
		})
	}
}

// tell has a site tell its metrics, and returns where.
func tell(t *testing.T, s *e2etest.Site) (metrics string) {
	t.Helper()
	metrics = e2etest.FreePort(t)
	s.Configure(`listen: "off"`, `listen: "`+metrics+`"`)
	return metrics
}

// initialize makes a site at an address, which tells its metrics, and returns where.
func initialize(t *testing.T, s *e2etest.Site, address string) (metrics string) {
	t.Helper()
	metrics = e2etest.FreePort(t)
	s.Init(address)
	s.Configure(config.DefaultMetrics, metrics)
	return metrics
}

// database is the site's, for what nothing of ours does to it.
func database(t *testing.T, s *e2etest.Site) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.Data, config.Database)+"?_txlock=immediate&_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func failingPeer(t *testing.T, p *prometheus) {
	s := e2etest.NewSite(t)
	metrics := tell(t, s)
	s.Serve()
	peer := s.FollowedBy(t, s.Actor())
	p.watch(metrics)
	peer.RefuseWith(func(e2etest.Arrival) int { return http.StatusInternalServerError })
	s.Publish("A statement")
	e2etest.Eventually(t, "it is refused", func() bool { return len(peer.Refused()) > 0 })
	s.Pass(2 * time.Hour)
	p.fire("CommuniqueBacklog")
}

func endedServer(t *testing.T, p *prometheus) {
	s := e2etest.NewSite(t)
	metrics := tell(t, s)
	s.Serve()
	p.watch(metrics)
	s.Stop()
	p.fire("CommuniqueDown")
}

func lockedRelease(t *testing.T, p *prometheus) {
	s := e2etest.NewSite(t)
	metrics := tell(t, s)
	s.Serve()
	s.Publish("A statement", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour)))
	p.watch(metrics)
	held, err := database(t, s).Begin()
	if err != nil {
		t.Fatal(err)
	}
	s.Pass(time.Hour + time.Minute)
	p.fire("CommuniqueReleaseLate")
	if err := held.Rollback(); err != nil {
		t.Error(err)
	}
	p.fire() // for it is public then
}

func setClock(t *testing.T, p *prometheus) {
	s := e2etest.NewSite(t)
	metrics := tell(t, s)
	s.Serve()
	s.Publish("A statement", e2etest.PublishedAt(s.Clock.Now().Add(48*time.Hour)))
	p.watch(metrics)
	s.Clock.Jump(3 * time.Hour)
	p.fire("CommuniqueEmbargoesHeld")
	s.Must("clock", "confirm")
	p.fire()
}

// oldBackup serves one site whose last backup is 25 hours old, and then one of 27 hours.
// Their clocks were behind as it was made, for that of Prometheus is not moved.
func oldBackup(t *testing.T, p *prometheus) {
	served := func(age time.Duration) (metrics string) {
		s := e2etest.NewFolder(t)
		s.Clock.Jump(-age)
		metrics = initialize(t, s, s.Base)
		s.Must("backup", filepath.Join(t.TempDir(), "press.backup"))
		s.Pass(age)
		s.Serve()
		return metrics
	}
	p.watch(served(25 * time.Hour))
	p.watchInstead(served(27 * time.Hour))
	p.fire("CommuniqueNoBackup")
}

// keepBackups has a site make backups by itself, in a folder that it returns.
func keepBackups(t *testing.T, s *e2etest.Site) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "backups")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	s.Configure(`  folder: ""`, "  folder: "+folder)
	return folder
}

func lostBackupFolder(t *testing.T, p *prometheus) {
	s := e2etest.NewSite(t)
	metrics, folder := tell(t, s), keepBackups(t, s)
	s.Serve()
	e2etest.Eventually(t, "the first is there", func() bool { return strings.Contains(s.Log.String(), "a backup was made and rehearsed") })
	p.watch(metrics)
	s.Stop()
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	s.Serve()
	p.fire("CommuniqueBackupFailed", "CommuniqueNoBackup") // the last one is gone with it
}

func spoiledBackup(t *testing.T, p *prometheus) {
	s := e2etest.NewSite(t)
	metrics := tell(t, s)
	keepBackups(t, s)
	s.Publish("A statement")
	s.Serve()
	e2etest.Eventually(t, "the first is there", func() bool { return strings.Contains(s.Log.String(), "a backup was made and rehearsed") })
	p.watch(metrics)
	if _, err := database(t, s).Exec(`DELETE FROM entries WHERE seq = 1`); err != nil {
		t.Fatal(err)
	}
	if out, _, err := s.Run("backup"); err == nil {
		t.Errorf("the rehearsal went well:\n%s", out)
	}
	p.fire("CommuniqueBackupUnproven")
}

// fullDisk has a small disk of memory, which root alone can have.
func fullDisk(t *testing.T, p *prometheus) {
	disk := t.TempDir()
	err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=64m")
	realpart.Need(t, "a disk of its own, which takes root", err == nil)
	t.Cleanup(func() {
		if err := unix.Unmount(disk, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s := e2etest.NewFolder(t)
	s.Data = filepath.Join(disk, "site")
	metrics := initialize(t, s, s.Base)
	s.Serve()
	p.watch(metrics)
	if err := os.WriteFile(filepath.Join(disk, "films"), make([]byte, 57<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	p.fire("CommuniqueDiskFull")
}

func leavingFollowers(t *testing.T, p *prometheus) {
	s := e2etest.NewSite(t)
	metrics := tell(t, s)
	s.Serve()
	peer := e2etest.NewPeer(t)
	for n := range 5 {
		reader := peer.As(fmt.Sprint("reader", n))
		e2etest.Equal(t, "a Follow", reader.Send(s.Inbox(), reader.Follow(s.Actor())), 202)
	}
	var sample string
	e2etest.Eventually(t, "all are counted", func() bool {
		sample = regexp.MustCompile(`(?m)^communique_followers\{.*$`).FindString(string(e2etest.Get(t, "http://"+metrics+"/metrics").Body))
		return strings.HasSuffix(sample, " 5")
	})
	p.remember(sample)
	p.watch(metrics)
	reader := peer.As("reader3")
	e2etest.Equal(t, "an Undo", reader.Send(s.Inbox(), reader.Undo(s.Actor())), 202)
	p.fire("CommuniqueFollowersLost")
}

func deafCache(t *testing.T, p *prometheus) {
	cache := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(cache.Close)
	s := e2etest.NewSite(t)
	metrics := tell(t, s)
	s.Configure("purge:\n  url: \"\"", "purge:\n  url: \""+cache.URL+"\"")
	s.Serve()
	s.Publish("A statement")
	p.watch(metrics)
	cache.Close()
	s.Publish("Another statement")
	s.Pass(2 * time.Minute)
	p.fire("CommuniquePurgeBehind")
}

// proposed is a site where an author has handed in what is due in an hour.
func proposed(t *testing.T, p *prometheus, change func(*e2etest.Site)) *e2etest.Site {
	s := e2etest.NewSite(t)
	metrics := tell(t, s)
	s.DeskAddress()
	change(s)
	s.Serve()
	s.Officer(t, "a.silva", "author", "operator")
	p.watch(metrics)
	s.Must("publish", "--as", "a.silva", s.Markdown("A statement", "Its text.", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour))))
	return s
}

func unapproved(t *testing.T, p *prometheus) {
	s := proposed(t, p, func(*e2etest.Site) {})
	p.fire("CommuniqueAlarmUnheard") // it was handed in late
	s.Pass(time.Hour + time.Minute)
	p.fire("CommuniqueAlarmUnheard", "CommuniqueHeldBack")
}

func lostMail(t *testing.T, p *prometheus) {
	proposed(t, p, func(s *e2etest.Site) {
		s.Configure("mail:\n  server: \"\"\n  tls: starttls\n  from: \"\"", "mail:\n  server: \""+e2etest.FreePort(t)+"\"\n  tls: off\n  from: desk@mfa.example")
		s.Configure("addresses: []", "addresses: [duty@mfa.example]")
	})
	p.fire("CommuniqueAlarmUnheard", "CommuniqueMailFails")
}

func endingCertificate(t *testing.T, p *prometheus) {
	s := e2etest.NewFolder(t)
	https := e2etest.FreePort(t)
	_, port, err := net.SplitHostPort(https)
	if err != nil {
		t.Fatal(err)
	}
	metrics := initialize(t, s, "https://"+httpstest.Host+":"+port)
	s.Configure(`listen: ""`, "listen: "+https)
	s.Configure(`redirect: ":80"`, `redirect: "off"`)
	s.Configure(`certificate: ""`, "certificate: "+httpstest.CertificateFile)
	s.Configure(`key: ""`, "key: "+httpstest.KeyFile)
	httpstest.Certify(t, httpstest.Host, time.Now().Add(30*24*time.Hour)).Write(t, s.Data)
	server := &e2etest.Process{Cmd: s.Program("serve")}
	if err := server.Cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Kill)
	e2etest.Eventually(t, "it is ready", func() bool {
		_, err := tryGet("http://" + metrics + "/readyz")
		return err == nil
	})
	p.watch(metrics)
	httpstest.Certify(t, httpstest.Host, time.Now().Add(3*24*time.Hour)).Write(t, s.Data)
	p.fire("CommuniqueCertificateExpires")
}

func dyingParts(t *testing.T, p *prometheus) {
	db := postgrestest.New(t)
	s := e2etest.NewFolder(t)
	var err error
	if s.Server, err = db.Make("press", ""); err != nil {
		t.Fatal(err)
	}
	first := initialize(t, s, s.Base)
	one, other, second := s.Replica(), s.Replica(), e2etest.FreePort(t)
	other.Configure(first, second)
	one.Start()
	killed := other.Start()
	e2etest.Eventually(t, "they share the work", func() bool {
		text, err := tryGet("http://" + second + "/metrics")
		return err == nil && strings.Contains(string(text), "communique_servers{state=\"runs\"} 2\n") && strings.Contains(string(text), "communique_parts_unheld 0\n")
	})
	p.watch(first, second)
	killed.Kill()
	p.fire("CommuniqueDown", "CommuniqueServerMissing")
	other.Start()
	p.fire()
	if err := db.Crash(); err != nil {
		t.Fatal(err)
	}
	p.fireWhile(func() { _, _ = tryGet(one.Base + "/en/") }, "CommuniqueDatabaseAway", "CommuniqueErrors")
}
