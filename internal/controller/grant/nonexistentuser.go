// Mail for addresses that do not exist: what plans and sites say of it, as one text.

package grant

import (
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// The actions. One is followed by its argument, e.g. "Forward postmaster@acme.example".
const (
	mailBounce  = "Bounce"
	mailForward = "Forward"
	mailReject  = "Reject"
)

// WantedNonexistentUser is an action with its argument, nil where the spec has none.
func WantedNonexistentUser(n *v1alpha1.NonexistentUser) *string {
	switch {
	case n == nil:
		return nil
	case n.Bounce != nil:
		return new(mailBounce + " " + *n.Bounce)
	case n.Forward != nil:
		return new(mailForward + " " + *n.Forward)
	}
	return new(mailReject)
}

// ExportNonexistentUser is the inverse of WantedNonexistentUser.
func ExportNonexistentUser(s *string) *v1alpha1.NonexistentUser {
	if s == nil {
		return nil
	}
	action, argument, _ := strings.Cut(*s, " ")
	switch action {
	case mailBounce:
		return &v1alpha1.NonexistentUser{Bounce: &argument}
	case mailForward:
		return &v1alpha1.NonexistentUser{Forward: &argument}
	}
	return &v1alpha1.NonexistentUser{Reject: &v1alpha1.RejectMail{}}
}

// FoundNonexistentUser is an action with its argument, nil where the server shows none.
func FoundNonexistentUser(n *hosting.NonexistentUser) *string {
	switch {
	case n == nil:
		return nil
	case n.Bounce != nil:
		return new(mailBounce + " " + *n.Bounce)
	case n.Forward != nil:
		return new(mailForward + " " + *n.Forward)
	case n.Reject != nil:
		return new(mailReject)
	}
	return nil
}

// NormalNonexistentUser gives an action the form in which it is compared.
func NormalNonexistentUser(s *string) *string {
	if s == nil {
		return nil
	}
	text := form.SingleBlanks(*s)
	if action, address, _ := strings.Cut(text, " "); action == mailForward {
		text = action + " " + form.MailAddress(address)
	}
	return &text
}

// WireNonexistentUser is an action to write, nil for none.
func WireNonexistentUser(s *string) *hosting.NonexistentUser {
	if s == nil {
		return nil
	}
	action, argument, _ := strings.Cut(*s, " ")
	switch action {
	case mailBounce:
		return &hosting.NonexistentUser{Bounce: &argument}
	case mailForward:
		return &hosting.NonexistentUser{Forward: &argument}
	}
	return &hosting.NonexistentUser{Reject: &xmlapi.Empty{}}
}
