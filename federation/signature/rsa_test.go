package signature

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// libcryptoOrSkip is OpenSSL's, on a machine that has it.
func libcryptoOrSkip(t testing.TB) RSA {
	t.Helper()
	fast, err := openLibcrypto()
	if err != nil {
		t.Skip(err)
	}
	return fast
}

// wrongRSA signs something else, or nothing.
type wrongRSA struct {
	err   error
	after int // calls that go well
	calls *int
}

func (wrongRSA) String() string { return "a wrong one" }

func (w wrongRSA) Sign(key *rsa.PrivateKey, digest [sha256.Size]byte) ([]byte, error) {
	if *w.calls++; *w.calls <= w.after {
		return GoRSA.Sign(key, digest)
	}
	if w.err != nil {
		return nil, w.err
	}
	digest[0] ^= 1
	return GoRSA.Sign(key, digest)
}

// TestChooseRSA: what does not pass its test signs nothing, and auto goes on with Go's.
func TestChooseRSA(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		open func() (RSA, error)
		why  string
	}{
		"no library":         {func() (RSA, error) { return nil, broken }, "broken"},
		"it fails":           {func() (RSA, error) { return wrongRSA{err: broken, calls: new(int)}, nil }, "broken"},
		"it signs wrongly":   {func() (RSA, error) { return wrongRSA{calls: new(int)}, nil }, "wrong"},
		"the third is wrong": {func() (RSA, error) { return wrongRSA{after: 2, calls: new(int)}, nil }, "wrong"},
	} {
		by, err := chooseRSA(RSAAuto, nil, tt.open)
		if by != GoRSA || !errors.Is(err, ErrNoOpenSSL) || !strings.Contains(err.Error(), tt.why) {
			t.Errorf("auto, %s: %v, %v", name, by, err)
		}
		if by, err := chooseRSA(RSAByOpenSSL, nil, tt.open); by != nil || !errors.Is(err, ErrNoOpenSSL) {
			t.Errorf("openssl, %s: %v, %v", name, by, err)
		}
		if by, err := chooseRSA(RSAByGo, nil, tt.open); by != GoRSA || err != nil {
			t.Errorf("go, %s: %v, %v", name, by, err)
		}
	}
}

// TestFallingBack: a call that fails is made by Go, and told of once.
func TestFallingBack(t *testing.T) {
	t.Parallel()
	var told []string
	by, err := chooseRSA(RSAAuto, func(err error) { told = append(told, err.Error()) }, func() (RSA, error) {
		return wrongRSA{err: errors.New("broken"), after: 4, calls: new(int)}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		signsAsGo(t, fmt.Sprint("call ", i), by, aKey(), []byte{byte(i)})
	}
	if len(told) != 1 || told[0] != "broken" {
		t.Errorf("told %q", told)
	}
}

// signsAsGo compares a signature with Go's.
func signsAsGo(t testing.TB, what string, by RSA, key *rsa.PrivateKey, text []byte) {
	t.Helper()
	sum := sha256.Sum256(text)
	want, err := GoRSA.Sign(key, sum)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := by.Sign(key, sum); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: %x, %v, want %x", what, got, err, want)
	}
}

// TestKnownSignature: Go's own passes, too.
func TestKnownSignature(t *testing.T) {
	t.Parallel()
	if err := testRSA(GoRSA); err != nil {
		t.Error(err)
	}
	if rate, err := RateOf(GoRSA, time.Millisecond); err != nil || rate <= 0 {
		t.Errorf("%v a second, %v", rate, err)
	}
}

// TestLibcrypto: it signs as Go does, from many goroutines and with more keys than are
// kept.
func TestLibcrypto(t *testing.T) {
	t.Parallel()
	fast := libcryptoOrSkip(t)
	if err := testRSA(fast); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(fast.String(), "OpenSSL 3") {
		t.Errorf("it is %s", fast)
	}
	keys := []*rsa.PrivateKey{aKey()}
	for range 200 { // others to the library, whose memory is the same
		again := *aKey()
		keys = append(keys, &again)
	}
	var signing sync.WaitGroup
	for worker := range 8 {
		signing.Go(func() {
			for i := range 40 {
				key := keys[0]
				if worker%2 == 0 {
					key = keys[(worker*40+i)%len(keys)]
				}
				signsAsGo(t, "at once", fast, key, fmt.Appendf(nil, "%d %d", worker, i))
			}
		})
	}
	signing.Wait()
}

// BenchmarkLibcrypto says what OpenSSL's signature costs as a share of Go's, taken in
// turns, and what the call itself costs.
func BenchmarkLibcrypto(b *testing.B) {
	fast, key, sum := libcryptoOrSkip(b), aKey(), sha256.Sum256(inboxBody)
	var took [2]time.Duration
	for b.Loop() {
		for i, by := range []RSA{GoRSA, fast} {
			began := time.Now()
			if _, err := by.Sign(key, sum); err != nil {
				b.Fatal(err)
			}
			took[i] += time.Since(began)
		}
	}
	b.ReportMetric(float64(took[1])/float64(took[0]), "of-Go's")
	b.ReportMetric(float64(took[1].Nanoseconds())/float64(b.N), "ns/signature")
}
