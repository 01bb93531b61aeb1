package vocab

// TypeFeatureRequest asks to list an actor in a collection of accounts (FEP-7aa9).
const TypeFeatureRequest = "FeatureRequest"

// FeatureRequest asks one of our actors whether a collection may list it: Actor keeps
// the collection Instrument and wants Object in it.
type FeatureRequest struct{ ID, Actor, Object, Instrument string }

// FeatureRequestOf reads the request out of a received activity; false if it is not one
// or lacks a part.
func FeatureRequestOf(a Incoming) (FeatureRequest, bool) {
	o, ok := a.Object()
	q := FeatureRequest{ID: a.ID, Actor: a.Actor, Object: o.ID, Instrument: a.Instrument.ID}
	return q, ok && a.Type == TypeFeatureRequest && q.ID != "" && q.Object != "" && q.Instrument != ""
}

// NewAcceptFeature grants a request, which it names by its id; result is the id of the
// [FeatureAuthorization] that proves it.
func NewAcceptFeature(id string, q FeatureRequest, result string) Activity {
	return Activity{ID: id, Type: TypeAccept, Actor: q.Object, To: audience(q.Actor), Object: q.ID, Result: result}
}

// NewRejectFeature refuses a request.
func NewRejectFeature(id string, q FeatureRequest) Activity {
	return Activity{ID: id, Type: TypeReject, Actor: q.Object, To: audience(q.Actor), Object: q.ID}
}

// NewDeleteFeature takes a [FeatureAuthorization] back.
func NewDeleteFeature(authorization, actor string) Activity {
	return Activity{
		ID: authorization + "#delete", Type: TypeDelete, Actor: actor, To: []string{Public}, Object: goneFeature{ID: authorization},
	}
}

type goneFeature struct {
	ID   string      `json:"id"`
	Type featureType `json:"type"`
}

func (goneFeature) context() string { return featureContext }

// FeatureAuthorization is an actor's statement that a collection may list it; servers
// fetch it before they show the actor there.
type FeatureAuthorization struct {
	ID                string      `json:"id"`
	Type              featureType `json:"type"`
	InteractingObject string      `json:"interactingObject"` // the collection
	InteractionTarget string      `json:"interactionTarget"` // our actor
}

func (FeatureAuthorization) context() string { return featureContext }

type featureType struct{}

func (featureType) MarshalText() ([]byte, error) { return []byte("FeatureAuthorization"), nil }

// FeaturePolicy says whose collections may list an actor.
type FeaturePolicy struct {
	CanFeature Approval `json:"canFeature"`
}
