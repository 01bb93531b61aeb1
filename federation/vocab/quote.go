package vocab

// QuoteRequest asks the author of an object whether a post may quote it (FEP-044f):
// Actor asks whether their post Instrument may quote Object.
type QuoteRequest struct {
	ID         string
	Actor      string
	Object     string
	Instrument string
}

// QuoteRequestOf reads the request out of a received activity; false if it is not
// one or lacks a part.
func QuoteRequestOf(a Incoming) (QuoteRequest, bool) {
	o, ok := a.Object()
	q := QuoteRequest{ID: a.ID, Actor: a.Actor, Object: o.ID, Instrument: a.Instrument.ID}
	return q, ok && a.Type == TypeQuoteRequest && q.Object != "" && q.Instrument != ""
}

type embeddedQuoteRequest struct {
	ID         string `json:"id,omitempty"`
	Type       string `json:"type"`
	Actor      string `json:"actor"`
	Object     string `json:"object"`
	Instrument string `json:"instrument"`
}

func (embeddedQuoteRequest) context() string { return quoteContext }

func (q QuoteRequest) embedded() embeddedQuoteRequest {
	return embeddedQuoteRequest{ID: q.ID, Type: TypeQuoteRequest, Actor: q.Actor, Object: q.Object, Instrument: q.Instrument}
}

// NewAcceptQuote grants a request; result is the id of the [QuoteAuthorization]
// that proves it.
func NewAcceptQuote(id, author string, q QuoteRequest, result string) Activity {
	return Activity{ID: id, Type: TypeAccept, Actor: author, To: audience(q.Actor), Object: q.embedded(), Result: result}
}

// NewRejectQuote refuses a request.
func NewRejectQuote(id, author string, q QuoteRequest) Activity {
	return Activity{ID: id, Type: TypeReject, Actor: author, To: audience(q.Actor), Object: q.embedded()}
}

// NewDeleteQuote takes a [QuoteAuthorization] back.
func NewDeleteQuote(authorization, author string) Activity {
	return Activity{
		ID: authorization + "#delete", Type: TypeDelete, Actor: author, To: []string{Public},
		Object: goneAuthorization{ID: authorization},
	}
}

// goneAuthorization names what is gone, with its type, as Mastodon writes it.
type goneAuthorization struct {
	ID   string    `json:"id"`
	Type quoteType `json:"type"`
}

func (goneAuthorization) context() string { return quoteContext }

// QuoteAuthorization is an author's statement that a post may quote their object;
// servers fetch it before they show the quote.
type QuoteAuthorization struct {
	ID                string    `json:"id"`
	Type              quoteType `json:"type"`
	AttributedTo      string    `json:"attributedTo"`
	InteractingObject string    `json:"interactingObject"` // the post that quotes
	InteractionTarget string    `json:"interactionTarget"` // the object quoted
}

func (QuoteAuthorization) context() string { return quoteContext }
