package signature

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// composed is a request signed by RFC 9421 however a test wants: the signature
// base is made from what is on the wire, so that only what is said is wrong.
type composed struct {
	method     string
	target     string
	components string
	parameters string
	key        Key
	fields     map[string]string // further ones
}

func aMessage() composed {
	return composed{
		method: http.MethodPost, target: "/ap/inbox?from=ana",
		components: `"@method" "@target-uri" "content-digest"`,
		parameters: fmt.Sprintf(`;created=%d;keyid="%s"`, noon().Unix(), keyID),
		key:        Key{ID: keyID, Private: aKey()},
	}
}

func (c composed) request(t *testing.T) *http.Request {
	t.Helper()
	r := outgoing(t, c.method, base+c.target, inboxBody)
	r.Header.Set("Content-Digest", contentDigest(Digest(inboxBody)))
	for name, value := range c.fields {
		r.Header.Set(name, value)
	}
	signed := received(t, r)
	text := "sig1=(" + c.components + ")" + c.parameters
	made := []byte("none")
	if in, err := parseInput(text); err == nil {
		if signature, err := signatureBase(signed, in, base); err == nil {
			if made, err = signText(GoRSA, c.key.Private, []byte(signature)); err != nil {
				t.Fatal(err)
			}
		}
	}
	signed.Header.Set("Signature-Input", text)
	signed.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(made)+":")
	return signed
}

// TestMessagesAccepted holds what legitimate peers send by RFC 9421.
func TestMessagesAccepted(t *testing.T) {
	t.Parallel()
	at := noon().Unix()
	for name, change := range map[string]func(*composed){
		"I3 as Mastodon signs": func(*composed) {},
		"I3 as Fedify signs": func(c *composed) {
			c.components = `"@method" "@target-uri" "@authority" "host" "date" "content-digest"`
		},
		"by request target and host": func(c *composed) { c.components = `"@method" "@authority" "@request-target" "content-digest"` },
		"by path and query":          func(c *composed) { c.components = `"@method" "@scheme" "@authority" "@path" "@query" "content-digest"` },
		"by path where there is no query": func(c *composed) {
			c.target, c.components = "/ap/inbox", `"@method" "@authority" "@path" "content-digest"`
		},
		"algorithm named":    func(c *composed) { c.parameters += `;alg="rsa-v1_5-sha256"` },
		"nonce and tag":      func(c *composed) { c.parameters += `;nonce="a\\b\"";tag="x";other` },
		"expires":            func(c *composed) { c.parameters += fmt.Sprintf(`;expires=%d`, at+300) },
		"A4 59 min old":      func(c *composed) { c.parameters = fmt.Sprintf(`;created=%d;keyid="%s"`, at-59*60, keyID) },
		"A4 59 min ahead":    func(c *composed) { c.parameters = fmt.Sprintf(`;created=%d;keyid="%s"`, at+59*60, keyID) },
		"sha-512":            func(c *composed) { c.fields["Content-Digest"] = sha512Digest },
		"both digests":       func(c *composed) { c.fields["Content-Digest"] += ", " + sha512Digest },
		"blanks in the list": func(c *composed) { c.components = ` "@method"  "@target-uri" "content-digest" ` },
		"GET without a digest": func(c *composed) {
			c.method, c.components = http.MethodGet, `"@method" "@target-uri"`
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := aMessage()
			c.fields = map[string]string{"Date": noon().Format(http.TimeFormat), "Content-Digest": contentDigest(Digest(inboxBody))}
			change(&c)
			if err := accept(c.request(t), inboxBody, noon()); err != nil {
				t.Error(err)
			}
		})
	}
}

const sha512Digest = "sha-512=:vQGMZNZBOZZ8BVm4X6SU+xRumIYdhE82AoDhrcRsvqb1ZhzSG5pTuNFTwj9G5nxvxgqPsEgmmbi/XTyI9WOhCA==:"

// TestMessageAttacks runs the attacks of [TestAttacks] on the other scheme.
// What the attackers can sign themselves must be refused before the key is
// fetched.
func TestMessageAttacks(t *testing.T) {
	t.Parallel()
	at := noon().Unix()
	signed := func(change func(*composed)) func(*testing.T) *http.Request {
		return func(t *testing.T) *http.Request {
			c := aMessage()
			change(&c)
			return c.request(t)
		}
	}
	spoiled := func(spoil func(*http.Request)) func(*testing.T) *http.Request {
		return func(t *testing.T) *http.Request {
			r := aMessage().request(t)
			spoil(r)
			return r
		}
	}
	components := func(list string) func(*testing.T) *http.Request {
		return signed(func(c *composed) { c.components = list })
	}
	parameters := func(format string, args ...any) func(*testing.T) *http.Request {
		return signed(func(c *composed) { c.parameters = fmt.Sprintf(format, args...) })
	}
	field := func(name, value string) func(*testing.T) *http.Request {
		return spoiled(func(r *http.Request) { r.Header.Set(name, value) })
	}
	again := func(name string) func(*testing.T) *http.Request {
		return spoiled(func(r *http.Request) { r.Header.Add(name, r.Header.Get(name)) })
	}
	for name, attack := range map[string]func(*testing.T) *http.Request{
		"A1 digest/of another body": field("Content-Digest", contentDigest(Digest([]byte("other")))),
		"A1 digest/absent":          spoiled(func(r *http.Request) { r.Header.Del("Content-Digest") }),
		"A1 digest/of another kind": field("Content-Digest", "md5=:AAAA:"),
		"A1 digest/no bytes":        field("Content-Digest", "sha-256=abc"),
		"A1 digest/one of two false": signed(func(c *composed) {
			c.fields = map[string]string{"Content-Digest": contentDigest(Digest(inboxBody)) + ", sha-512=:AAAA:"}
		}),

		"A2 coverage/nothing":       components(``),
		"A2 coverage/no method":     components(`"@target-uri" "content-digest"`),
		"A2 coverage/no target":     components(`"@method" "@authority" "content-digest"`),
		"A2 coverage/no host":       components(`"@method" "@request-target" "content-digest"`),
		"A2 coverage/no query":      components(`"@method" "@authority" "@path" "content-digest"`),
		"A2 coverage/no digest":     components(`"@method" "@target-uri"`),
		"A2 coverage/old digest":    components(`"@method" "@target-uri" "digest"`),
		"A2 coverage/absent field":  components(`"@method" "@target-uri" "content-digest" "x-none"`),
		"A2 coverage/unknown":       components(`"@method" "@target-uri" "content-digest" "@mood"`),
		"A2 coverage/of an answer":  components(`"@method" "@target-uri" "content-digest" "@status"`),
		"A2 coverage/itself":        components(`"@method" "@target-uri" "content-digest" "signature"`),
		"A2 coverage/in capitals":   components(`"@method" "@target-uri" "Content-Digest"`),
		"A2 coverage/part of field": components(`"@method" "@target-uri" "content-digest";key="sha-512"`),
		"A2 coverage/of the request": components(
			`"@method";req "@target-uri" "content-digest"`),
		"A2 coverage/a token":     components(`@method "@target-uri" "content-digest"`),
		"A2 coverage/glued":       components(`"@method""@target-uri" "content-digest"`),
		"A2 coverage/a line feed": components("\"@method\" \"@target-uri\" \"content-digest\" \"x\n\""),

		"A4 window/13 h old":        parameters(`;created=%d;keyid="%s"`, at-13*3600, keyID),
		"A4 window/61 min old":      parameters(`;created=%d;keyid="%s"`, at-61*60, keyID),
		"A4 window/2 h ahead":       parameters(`;created=%d;keyid="%s"`, at+2*3600, keyID),
		"A4 window/not created":     parameters(`;keyid="%s"`, keyID),
		"A4 window/created as text": parameters(`;created="%d";keyid="%s"`, at, keyID),
		"A4 window/created exactly": parameters(`;created=%d.5;keyid="%s"`, at, keyID),
		"A4 window/created huge":    parameters(`;created=9999999999999999;keyid="%s"`, keyID),
		"A4 window/expired":         parameters(`;created=%d;expires=%d;keyid="%s"`, at-60, at-1, keyID),
		"A4 window/expires in 13 h": parameters(`;created=%d;expires=%d;keyid="%s"`, at, at+13*3600, keyID),

		"A5 duplicate/parameter":       parameters(`;created=%d;keyid="https://victim.example/#key";keyid="%s"`, at, keyID),
		"A5 duplicate/component":       components(`"@method" "@target-uri" "content-digest" "@method"`),
		"A5 duplicate/Signature-Input": again("Signature-Input"),
		"A5 duplicate/Signature":       again("Signature"),
		"A5 duplicate/Content-Digest":  again("Content-Digest"),
		"A5 duplicate/Host":            field("Host", ours),
		"A5 duplicate/second label": spoiled(func(r *http.Request) {
			r.Header.Set("Signature-Input", r.Header.Get("Signature-Input")+`, sig2=();created=1;keyid="x"`)
		}),
		"A5 duplicate/second signature": spoiled(func(r *http.Request) {
			r.Header.Set("Signature", r.Header.Get("Signature")+`, sig2=:AAAA:`)
		}),
		"A5 duplicate/cavage beside it": spoiled(func(r *http.Request) {
			r.Header.Add("Signature", `keyId="x",headers="date",signature="AAAA"`)
		}),
		"A5 duplicate/cavage in its place": spoiled(func(r *http.Request) {
			r.Header.Set("Signature", `keyId="x",headers="date",signature="AAAA"`)
		}),

		"A6 recipient/another host": spoiled(func(r *http.Request) { r.Host = "other.example" }),
		"A6 recipient/X-Forwarded-Host": spoiled(func(r *http.Request) {
			r.Host = "other.example"
			r.Header.Set("X-Forwarded-Host", ours)
		}),
		"A6 recipient/absolute form": spoiled(func(r *http.Request) { r.RequestURI = base + r.RequestURI }),
		"A6 target/another inbox":    spoiled(func(r *http.Request) { r.RequestURI = "/actors/press/inbox?from=ana" }),
		"A6 target/another query":    spoiled(func(r *http.Request) { r.RequestURI = "/ap/inbox?from=eve" }),
		"A6 target/double slash":     spoiled(func(r *http.Request) { r.RequestURI = "/" + r.RequestURI }),
		"A6 target/escaped":          spoiled(func(r *http.Request) { r.RequestURI = "/ap/%69nbox?from=ana" }),
		"A6 target/another verb":     spoiled(func(r *http.Request) { r.Method = http.MethodPut }),

		"form/no keyid":        parameters(`;created=%d`, at),
		"form/keyid a token":   parameters(`;created=%d;keyid=abc`, at),
		"form/keyid empty":     parameters(`;created=%d;keyid=""`, at),
		"form/RSA-PSS":         parameters(`;created=%d;keyid="%s";alg="rsa-pss-sha512"`, at, keyID),
		"form/HMAC":            parameters(`;created=%d;keyid="%s";alg="hmac-sha256"`, at, keyID),
		"form/algorithm token": parameters(`;created=%d;keyid="%s";alg=rsa`, at, keyID),
		"form/another label":   spoiled(func(r *http.Request) { r.Header.Set("Signature", "sig2=:AAAA:") }),
		"form/no signature":    spoiled(func(r *http.Request) { r.Header.Del("Signature") }),
		"form/not base64":      field("Signature", "sig1=:A:"),
		"form/no list":         field("Signature-Input", `sig1="@method"`),
		"form/empty":           field("Signature-Input", ``),
		"form/open list":       field("Signature-Input", `sig1=("@method" `),
		"form/open string":     field("Signature-Input", `sig1=("@method`),
		"form/trailing comma":  spoiled(func(r *http.Request) { r.Header.Set("Signature-Input", r.Header.Get("Signature-Input")+",") }),
		"form/trailing text":   spoiled(func(r *http.Request) { r.Header.Set("Signature-Input", r.Header.Get("Signature-Input")+" x") }),
		"form/too long":        parameters(`;created=%d;keyid="%s"`, at, strings.Repeat("a", maxHeader)),
		"form/unnamed":         field("Signature-Input", `=("@method")`),
		"form/in capitals":     field("Signature-Input", `Sig1=("@method")`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := attack(t)
			if err := accept(r, inboxBody, noon()); !errors.Is(err, ErrInvalid) {
				t.Errorf("error %v, want ErrInvalid", err)
			}
			_, err := Parse(r, inboxBody, base, noon())
			if got, want := err == nil, strings.HasPrefix(name, "A6 target/"); got != want {
				t.Errorf("Parse: %v", err)
			}
		})
	}
	t.Run("A1 digest/body changed", func(t *testing.T) {
		if err := accept(aMessage().request(t), []byte(`{"type":"Delete"}`), noon()); !errors.Is(err, ErrInvalid) {
			t.Errorf("error %v, want ErrInvalid", err)
		}
	})
	t.Run("A6 target/signed for http, received by https", func(t *testing.T) {
		r := aMessage().request(t)
		s, err := Parse(r, inboxBody, "http://"+ours, noon())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Verify(&aKey().PublicKey); !errors.Is(err, ErrInvalid) {
			t.Errorf("error %v, want ErrInvalid", err)
		}
	})
	t.Run("algorithm and key differ", func(t *testing.T) {
		c := aMessage()
		c.parameters += `;alg="ed25519"`
		if err := accept(c.request(t), inboxBody, noon()); !errors.Is(err, ErrInvalid) {
			t.Errorf("error %v, want ErrInvalid", err)
		}
	})
}

// TestA52LongKeyIDs: ids that are longer than addresses can be are refused, by both
// schemes, before anything is done for them.
func TestA52LongKeyIDs(t *testing.T) {
	t.Parallel()
	for length, fits := range map[int]bool{maxKeyID: true, maxKeyID + 1: false} {
		long := "https://social.example/" + strings.Repeat("x", length-len("https://social.example/"))
		c := aMessage()
		c.parameters = fmt.Sprintf(`;created=%d;keyid="%s"`, noon().Unix(), long)
		if err := accept(c.request(t), inboxBody, noon()); (err == nil) != fits || err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("RFC 9421, %d bytes: error %v", length, err)
		}
		r := signedPost(t, noon())
		r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), keyID, long, 1))
		if err := accept(r, inboxBody, noon()); (err == nil) != fits || err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("cavage, %d bytes: error %v", length, err)
		}
	}
}

func TestMessageTellsKeyAndTime(t *testing.T) {
	t.Parallel()
	s, err := Parse(aMessage().request(t), inboxBody, base, noon().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if s.KeyID != keyID || !s.Signed.Equal(noon()) {
		t.Errorf("key %s, signed %s", s.KeyID, s.Signed)
	}
	if err := s.Verify(&anotherKey(t).PublicKey); !errors.Is(err, ErrInvalid) {
		t.Errorf("with another key: error %v, want ErrInvalid", err)
	}
}

// TestSignedByEachSchemeAndKey: what we sign, we verify, by the key it was
// signed with and by no other.
func TestSignedByEachSchemeAndKey(t *testing.T) {
	t.Parallel()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []Scheme{Cavage, RFC9421} {
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			t.Run(string(scheme)+" "+method, func(t *testing.T) {
				signed := func(key Key) Signature {
					r := outgoing(t, method, base+"/ap/in%20box?a=%20", inboxBody)
					signer := NewSigner(noon).By(scheme.Other())
					sign := func() error {
						if method == http.MethodGet {
							return signer.SignGet(r, key)
						}
						return signer.SignPost(r, key, Digest(inboxBody))
					}
					// The second signature replaces the first, whatever its scheme.
					for range 2 {
						if err := sign(); err != nil {
							t.Fatal(err)
						}
						signer = signer.By(scheme)
					}
					s, err := Parse(received(t, r), inboxBody, base, noon())
					if err != nil {
						t.Fatal(err)
					}
					return s
				}
				rsaSigned, edSigned := signed(Key{ID: keyID, Private: aKey()}), signed(Key{ID: keyID, Private: private})
				if err := rsaSigned.Verify(&aKey().PublicKey); err != nil {
					t.Errorf("RSA: %v", err)
				}
				if err := edSigned.Verify(public); err != nil {
					t.Errorf("Ed25519: %v", err)
				}
				if rsaSigned.Verify(public) == nil || edSigned.Verify(&aKey().PublicKey) == nil {
					t.Error("the other key verifies it")
				}
				if !rsaSigned.MadeWith(&aKey().PublicKey) || rsaSigned.MadeWith(public) || edSigned.MadeWith(public) || edSigned.MadeWith(&aKey().PublicKey) {
					t.Error("it is not seen by RSA alone which key has made it")
				}
			})
		}
	}
}

// TestS8Form is what Mastodon asks of RFC 9421.
func TestS8Form(t *testing.T) {
	t.Parallel()
	r := outgoing(t, http.MethodPost, base+"/ap/inbox", inboxBody)
	if err := NewSigner(noon).By(RFC9421).SignPost(r, Key{ID: keyID, Private: aKey()}, Digest(inboxBody)); err != nil {
		t.Fatal(err)
	}
	want := `sig1=("@method" "@target-uri" "content-digest");created=1773489600;keyid="` + keyID + `";alg="rsa-v1_5-sha256"`
	if got := r.Header.Get("Signature-Input"); got != want {
		t.Errorf("Signature-Input: %s", got)
	}
	if got := r.Header.Get("Content-Digest"); got != "sha-256=:GYwYnH3BiO6aICFt0ThC5bUIJ4byvqdpWtR8m5fNkww=:" {
		t.Errorf("Content-Digest: %s", got)
	}
}

// FuzzParseInput: what is accepted is written as it is understood, and read
// again as the same.
func FuzzParseInput(f *testing.F) {
	for _, name := range []string{"b21.txt", "b22.txt", "b23.txt", "b24.txt", "b26.txt"} {
		line, _, _ := strings.Cut(published(f, "rfc9421/"+name), "\r\n")
		f.Add(strings.TrimPrefix(line, "Signature-Input: "), "sha-256=:AAAA:")
	}
	f.Add(`a=( "x" );b=-1;c=?0;d=:AA==:;e=tok/en;f="\"\\";g`, "a=:AAAA:,\tb=::")
	f.Fuzz(func(t *testing.T, text, bytes string) {
		if _, err := byteSequences(bytes); err != nil && !errors.Is(err, ErrInvalid) {
			t.Fatalf("%v is not ErrInvalid", err)
		}
		in, err := parseInput(text)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("%v is not ErrInvalid", err)
			}
			return
		}
		again, err := parseInput(in.label + "=" + in.String())
		if err != nil || again.String() != in.String() || again.label != in.label {
			t.Fatalf("%q is written %q, read as %q: %v", text, in, again, err)
		}
	})
}
