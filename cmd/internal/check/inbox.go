package check

import (
	"fmt"
	"strings"
)

// Inbox judges an inbox by what it answers: to a message without a signature, to
// one that is signed as most servers sign (draft-cavage) and to one by RFC 9421.
// The signer is the server itself. Rules I2 and I3.
func Inbox(unsigned, cavage, message Document) []Finding {
	what := "inbox " + unsigned.URL
	return []Finding{
		judge("I2", what, unsigned.Status == 401, "unsigned: "+unsigned.answer()),
		judge("I2", what, cavage.Status == 202, "signed: "+cavage.said()).instead(refusedAs(cavage, "Host, Date, Digest and Signature")),
		judge("I3", what, message.Status == 202, "signed by RFC 9421: "+message.said()).instead(refusedAs(message, "Host, Content-Digest, Signature and Signature-Input")),
	}
}

// said is the answer with the detail of a problem document (RFC 9457).
func (d Document) said() string {
	detail := strings.Join(strings.Fields(text(d.fields(), "detail")), " ")
	if d.Err != nil || detail == "" {
		return d.answer()
	}
	return fmt.Sprintf("%d, %s", d.Status, detail)
}

// refusedAs tells what to do about an inbox that does not take what is signed, by
// the status of its answer. headers are those that the signature covers.
func refusedAs(d Document, headers string) string {
	switch d.Status {
	case 401, 400:
		return "the web server in front must pass " + headers + ", the path and the body on as they came; and the clock must be right"
	case 503:
		return "the server cannot read its own keys now: its log says why"
	case 429:
		return "too much was sent from this address: try again in a minute, and set trusted_proxies"
	}
	return "let the web server in front pass POST to the inboxes on"
}
