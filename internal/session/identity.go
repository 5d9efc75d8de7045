// Identity: as whom the credentials call, what each role is asked to tell which Plesk answers, and how the answer is read.

package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// Role is what the account of the credentials is on its server: operations are documented for roles (protocol-core §1.1).
type Role string

// The roles, the most powerful first.
const (
	Administrator Role = "Administrator"
	Reseller      Role = "Reseller"
	Customer      Role = "Customer"
)

// InDescriptors is the role as a server's descriptors name it.
func (r Role) InDescriptors() string {
	switch r {
	case Reseller:
		return hosting.RoleReseller
	case Customer:
		return hosting.RoleClient
	}
	return hosting.RoleAdmin
}

// Identity tells one Plesk, and the part of it that a role may see, from all others.
type Identity struct {
	Role Role
	// GUID of the installation for an administrator, of the account for a reseller, and of the provider for a customer, who cannot read its own.
	GUID string
	// Subscriptions are the GUIDs of a customer's, in order: what else tells it from other customers. Others have none here.
	Subscriptions []string
}

// ErrNoSubscription says why a customer cannot be told from others.
var ErrNoSubscription = errors.New("the customer has no subscription, by whose GUID it could be told which Plesk and which account answers")

// question asks a server who it is, as one role may.
type question struct {
	role Role
	call xmlapi.Caller
	read func() (Identity, error)
}

// questionTo is the question that a role may ask. The login is that of the credentials, "" where they have none.
func questionTo(role Role, login string) question {
	switch role {
	case Reseller: // is shown nobody but itself
		call := reseller.Get.Call(reseller.GetRequest{Filter: xmlapi.All(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}}})
		return question{role, call, func() (Identity, error) { return resellerIn(call, login) }}
	case Customer:
		call := webspace.Get.Call(webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
		return question{role, call, func() (Identity, error) { return customerIn(call) }}
	}
	return questionAbout(server.Get.Call(server.GetRequest{GenInfo: &xmlapi.Empty{}}))
}

// questionAbout is an administrator's question, with whatever else the call asks.
func questionAbout(call *xmlapi.Call[server.GetRequest, server.GetResult]) question {
	return question{Administrator, call, func() (Identity, error) { return installationIn(call) }}
}

func installationIn(call *xmlapi.Call[server.GetRequest, server.GetResult]) (Identity, error) {
	r, err := call.One()
	switch {
	case err != nil:
		return Identity{}, err
	case r.GenInfo == nil || !IsGUID(r.GenInfo.GUID):
		return Identity{}, xmlapi.Incomplete(server.Get, "a server_guid")
	}
	return Identity{Role: Administrator, GUID: r.GenInfo.GUID}, nil
}

// resellerIn takes nothing for the caller that may be another reseller: an administrator is shown all.
func resellerIn(call *xmlapi.Call[reseller.GetRequest, reseller.GetResult], login string) (Identity, error) {
	all, err := call.All()
	switch {
	case err != nil:
		return Identity{}, err
	case len(all) != 1 || all[0].Data == nil || all[0].Data.GenInfo == nil || !IsGUID(all[0].Data.GenInfo.GUID),
		login != "" && !strings.EqualFold(login, all[0].Data.GenInfo.Login):
		return Identity{}, xmlapi.Incomplete(reseller.Get, "one reseller, the caller, with a guid")
	}
	return Identity{Role: Reseller, GUID: all[0].Data.GenInfo.GUID}, nil
}

func customerIn(call *xmlapi.Call[webspace.GetRequest, webspace.GetResult]) (Identity, error) {
	all, err := call.All()
	if err != nil {
		return Identity{}, err
	}
	if len(all) == 0 {
		return Identity{}, &xmlapi.Error{Class: xmlapi.Transient, Operator: webspace.Get.Operator(), Operation: webspace.Get.Name(), Err: ErrNoSubscription}
	}
	is := Identity{Role: Customer}
	for _, w := range all {
		if w.Data == nil || w.Data.GenInfo == nil || !IsGUID(w.Data.GenInfo.GUID) || !IsGUID(w.Data.GenInfo.VendorGUID) {
			return Identity{}, xmlapi.Incomplete(webspace.Get, "a guid and a vendor-guid for each subscription")
		}
		if vendor := w.Data.GenInfo.VendorGUID; is.GUID != "" && is.GUID != vendor {
			return Identity{}, xmlapi.Incomplete(webspace.Get, "one vendor-guid for the subscriptions of one customer")
		}
		is.GUID = w.Data.GenInfo.VendorGUID
		is.Subscriptions = append(is.Subscriptions, w.Data.GenInfo.GUID)
	}
	slices.Sort(is.Subscriptions)
	return is, nil
}

// Among is a *WrongServerError unless a customer has one of the subscriptions that it was known by. One that lost all of them cannot be told from
// another one of the same provider.
func (i Identity) Among(known []string) error {
	if i.Role != Customer || len(known) == 0 || slices.ContainsFunc(i.Subscriptions, func(guid string) bool { return slices.Contains(known, guid) }) {
		return nil
	}
	return &WrongServerError{Expected: nameCustomer(i.GUID, known), Actual: nameCustomer(i.GUID, i.Subscriptions)}
}

// nameCustomer tells customers of one provider apart.
func nameCustomer(provider string, subscriptions []string) string {
	const shown = 3
	list := strings.Join(subscriptions[:min(len(subscriptions), shown)], ", ")
	if more := len(subscriptions) - shown; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return provider + " (a customer with the subscriptions " + list + ")"
}

// IsGUID reports whether a text has the form of a GUID, loosely: it will be recorded and be part of names.
func IsGUID(text string) bool {
	return text != "" && len(text) <= 64 && strings.Trim(text, "-") == text && !strings.ContainsFunc(text, func(r rune) bool {
		return !strings.ContainsRune("-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", r)
	})
}

// Introduction is what a server has told when it was asked who it is.
type Introduction struct {
	Identity
	Protocols server.GetProtosResult // which anybody may ask for
	Server    *server.GetResult      // all that an administrator has asked for; nil for others
}

// Introduce finds out as whom the credentials call, and which Plesk answers, and has all witnesses ask as that role from now on. It passes a closed
// door, which its first answer opens. An administrator's question is about; with are further calls for the packet of a role, which go unanswered
// where the server refuses the packet for one of them.
//
// The roles are tried in turn: whoever may not ask one's question is refused with 1006 as an operation. A packet that is refused so as a
// whole says nothing of a role: if the one that anybody may send is refused, too, nobody is admitted from here.
func (s *Session) Introduce(ctx context.Context, about server.GetRequest, with func(Role) []xmlapi.Caller) (Introduction, error) {
	if s.notAdmitted() {
		if err := s.knock(ctx); err != nil {
			return Introduction{}, err
		}
	}
	var refused error
	for _, role := range s.likelyRoles() {
		more := with(role)
		if s.doubts(role) {
			more = nil // what the role may not ask is asked of nobody who is known to have had another one
		}
		is, err := s.introduce(ctx, role, about, more)
		if refusesPacket(err) {
			if err := s.knock(ctx); err != nil {
				return Introduction{}, err
			}
			is, err = s.introduce(ctx, role, about, nil)
		}
		if xmlapi.ClassOf(err) == xmlapi.Forbidden {
			refused = err
			continue
		}
		if err == nil && s.doubts(role) && len(with(role)) > 0 {
			is, err = s.introduce(ctx, role, about, with(role))
		}
		if err == nil {
			s.become(role)
		}
		return is, err
	}
	return Introduction{}, refused
}

// introduce asks as one role.
func (s *Session) introduce(ctx context.Context, role Role, about server.GetRequest, with []xmlapi.Caller) (is Introduction, _ error) {
	protocols, call := server.GetProtos.Call(xmlapi.EmptyRequest{}), server.Get.Call(about)
	q := questionTo(role, s.Login)
	if role == Administrator {
		q = questionAbout(call)
	}
	err := s.Probe().Do(ctx, append([]xmlapi.Caller{protocols, q.call}, with...)...)
	if err != nil {
		return is, err
	}
	if is.Identity, err = q.read(); err != nil {
		return is, err
	}
	if is.Protocols, err = protocols.One(); err != nil || role != Administrator {
		return is, err
	}
	told, err := call.One()
	is.Server = &told
	return is, err
}

// knock sends what anybody may send. If that is refused as a whole, so is everything, and the door closes.
func (s *Session) knock(ctx context.Context) error {
	_, err := server.GetProtos.One(ctx, s.Probe(), xmlapi.EmptyRequest{})
	if refusesPacket(err) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.shut(err)
	}
	return err
}

// refusesPacket reports whether the server has refused a whole packet with "permission denied".
func refusesPacket(err error) bool {
	e, ok := errors.AsType[*xmlapi.Error](err)
	return ok && e.System && e.Class == xmlapi.Forbidden
}

func (s *Session) notAdmitted() bool { return refusesPacket(s.Closed()) }

// likelyRoles are all roles, the one that is known first.
func (s *Session) likelyRoles() []Role {
	s.mu.Lock()
	defer s.mu.Unlock()
	roles := []Role{Administrator, Reseller, Customer}
	slices.SortStableFunc(roles, func(a, b Role) int {
		switch s.role {
		case a:
			return -1
		case b:
			return 1
		}
		return 0
	})
	return roles
}

// doubts reports whether the credentials are not known to be of a role, and had another one the last time.
func (s *Session) doubts(role Role) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.role == "" && s.Role != "" && s.Role != role
}

// settle finds out as whom the credentials call, before the first packet of a witness that comes before the probe. Where they were an administrator's
// nothing has to be found out: nobody else is answered what an administrator asks.
func (s *Session) settle(ctx context.Context) error {
	if s.Role == "" || s.Role == Administrator {
		return nil
	}
	s.introducing.Lock()
	defer s.introducing.Unlock()
	s.mu.Lock()
	known, closed := s.role != "", s.closed
	s.mu.Unlock()
	switch {
	case known:
		return nil
	case closed != nil:
		return &ClosedError{Cause: closed}
	}
	_, err := s.Introduce(ctx, server.GetRequest{GenInfo: &xmlapi.Empty{}}, func(Role) []xmlapi.Caller { return nil })
	return err
}

func (s *Session) become(role Role) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.role = role
}
