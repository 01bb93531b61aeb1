package command

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"communique/cmd/internal/config"
	"communique/cmd/internal/ops/backup"
	"communique/storage"
	"communique/storage/sqlite"
)

// fill adds so many MiB to the database of a site.
func (w *terminal) fill(mebibytes int) {
	w.t.Helper()
	store, err := sqlite.Open(w.t.Context(), filepath.Join(w.data, config.Database), w.clock)
	if err != nil {
		w.t.Fatal(err)
	}
	content := make([]byte, 3<<18)
	_, _ = rand.Read(content) // never fails
	err = store.Update(w.t.Context(), func(tx *storage.Tx) error {
		for i := range mebibytes {
			if err := tx.SetFact(fmt.Sprintf("ballast:%d", i), base64.StdEncoding.EncodeToString(content)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// identity makes a key of age, and returns its public half and the file of the secret one.
func (w *terminal) identity() (recipient, file string) {
	w.t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		w.t.Fatal(err)
	}
	return key.Recipient().String(), w.write("key.txt", "# made for a test\n"+key.String()+"\n")
}

// seal encrypts a file.
func (w *terminal) seal(file, recipient string) (sealed string) {
	w.t.Helper()
	recipients, err := backup.ParseRecipients([]string{recipient})
	if err != nil {
		w.t.Fatal(err)
	}
	from, err := os.Open(file)
	if err != nil {
		w.t.Fatal(err)
	}
	defer from.Close()
	to, err := os.Create(file + ".age")
	if err != nil {
		w.t.Fatal(err)
	}
	defer to.Close()
	into, err := backup.Seal(to, recipients)
	if err == nil {
		_, err = io.Copy(into, from)
	}
	if err == nil {
		err = into.Close()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return to.Name()
}

// peak runs fn and returns by how many bytes the memory in use grew meanwhile at most, what
// waits to be collected among it.
func peak(fn func()) (most int64) {
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	inUse := func() int64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	runtime.GC()
	before := inUse()
	done, seen := make(chan struct{}), make(chan int64)
	go func() {
		highest := before
		for {
			highest = max(highest, inUse())
			select {
			case <-done:
				seen <- highest
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	fn()
	close(done)
	return <-seen - before
}

// TestRestoreStreams: a backup may be larger than the memory of the machine that it is
// restored on. It runs while no other test does, because what it measures is the program's.
func TestRestoreStreams(t *testing.T) {
	const size, most = 48 << 20, 24 << 20
	w := newTerminal(t)
	w.publish(w.document())
	w.fill(size >> 20)
	file := filepath.Join(t.TempDir(), "one.backup")
	w.must("backup", file)
	recipient, identity := w.identity()
	sealed := w.seal(file, recipient)
	for _, restore := range [][]string{{"restore", file}, {"restore", "--identity", identity, sealed}} {
		if info, err := os.Stat(restore[len(restore)-1]); err != nil || info.Size() < size {
			t.Fatalf("the backup is too small to tell: %v", err)
		}
		w.data += ".restored"
		if took := peak(func() { w.must(restore...) }); took > most {
			t.Errorf("%s of %d MiB took %d MiB of memory", strings.Join(restore, " "), size>>20, took>>20)
		}
	}
}

// TestRestoreSealed: what is encrypted is restored with a key of a recipient, and refused
// with what is missing otherwise.
func TestRestoreSealed(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	id := w.publish(w.document())
	file := filepath.Join(t.TempDir(), "one.backup")
	w.must("backup", file)
	recipient, identity := w.identity()
	_, other := w.identity()
	sealed := w.seal(file, recipient)
	cut := w.write("cut.age", "")
	content, err := os.ReadFile(sealed)
	if err == nil {
		err = os.WriteFile(cut, content[:len(content)/2], 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.data += ".restored"
	w.say([]said{
		{"restore " + sealed, 1, []string{"it is encrypted: name the file with the secret key of one of its recipients by --identity"}},
		{"restore " + sealed + " --identity " + other, 1, []string{"it is encrypted to other recipients than those whose secret keys are in the file"}},
		{"restore " + sealed + " --identity " + file, 1, []string{"holds no secret keys of age"}},
		{"restore " + sealed + " --identity " + file + ".none", 1, []string{"--identity: open", "no such file"}},
		{"restore " + cut + " --identity " + identity, 1, []string{"file may be corrupted or tampered with"}},
	})
	if _, err := os.Stat(w.data); err == nil {
		t.Error("something was left behind by what was refused")
	}
	w.say([]said{
		{"restore " + sealed + " --identity " + identity, 0, []string{"Restored to "}},
		{"list", 0, []string{id}},
		// An identity is no obstacle to what is not encrypted.
		{"restore " + file + " --identity " + identity, 1, []string{"there is an installation already"}},
	})
}
