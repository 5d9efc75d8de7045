// The error model: what went wrong, where, and the one table that gives a code its meaning.

package xmlapi

import (
	"errors"
	"fmt"
	"io"
	"net"
)

// Class says what a failure means for the caller; every decision about retries, conditions and severity follows from it.
type Class string

// The classes. They are decided by code or by what happened on the wire, never by text: texts are localised. What follows from each is
// the same for all its members (engine: consequences).
const (
	// Transient may work if tried again: transport failures, 5xx, answers that are not XML, failing components.
	Transient Class = "Transient"
	// Busy may work if tried again, too: the server answers and says that it cannot serve just now.
	Busy Class = "Busy"
	// Ambiguous is a write whose answer was lost or unreadable: it may have been executed. Read before any other write.
	Ambiguous Class = "Ambiguous"
	// Denied means that the server refuses the credentials.
	Denied Class = "Denied"
	// Unlicensed means that the server refuses everybody until its licence is in order.
	Unlicensed Class = "Unlicensed"
	// UnknownVersion means that the server does not speak the version of the protocol that the packets name.
	UnknownVersion Class = "UnknownVersion"
	// Untrusted means that there is no connection that credentials may be sent over: TLS failed, or the address is not permitted.
	Untrusted Class = "Untrusted"
	// Forbidden means that the caller lacks the right to this one operation or object.
	Forbidden Class = "Forbidden"
	// NotFound means that the object, or the owner that was named, does not exist for this caller.
	NotFound Class = "NotFound"
	// Exists means that the name is taken.
	Exists Class = "Exists"
	// Invalid will fail again until the input changes.
	Invalid Class = "Invalid"
	// Limit means that a limit of the subscription, the reseller or the licence is reached.
	Limit Class = "Limit"
)

// RefusesAll reports whether the server, or this side, refuses every packet and not just the one that was sent.
func (c Class) RefusesAll() bool {
	return c == Denied || c == Unlicensed || c == UnknownVersion || c == Untrusted
}

// About is what a refusal is about, as far as its code tells.
type About string

// What codes are about. Most codes do not tell.
const (
	AboutName           About = "name"            // which is taken
	AboutObject         About = "object"          // which does not exist
	AboutOwner          About = "owner"           // who does not exist
	AboutAddress        About = "address"         // an IP address
	AboutValue          About = "value"           // some value
	AboutStatus         About = "status"          // which cannot be set
	AboutWebmail        About = "webmail"         // which is not installed
	AboutDatabaseServer About = "database server" // of the wrong type, or not configured
	AboutPanel          About = "panel"           // to which the account has no access
	AboutKey            About = "key"             // wrong, or bound to another address
	AboutInterface      About = "interface"       // which the server does not have
)

// The codes of the reduced list (protocol-core §9) that callers or the simulator name.
const (
	CodeAuthentication       = 1001
	CodeAccountExists        = 1002
	CodeAgentInitialisation  = 1003
	CodeNotConfigured        = 1004
	CodeUnknownVersion       = 1005
	CodePermissionDenied     = 1006
	CodeExists               = 1007
	CodeMultipleAccess       = 1008
	CodeVirtuozzoKey         = 1009
	CodeAccessDenied         = 1010
	CodeAccountDisabled      = 1011
	CodeLoginLocked          = 1012
	CodeNotFound             = 1013
	CodeParse                = 1014
	CodeOwnerNotFound        = 1015
	CodeUnsupportedByVersion = 1017
	CodeAddressNotFound      = 1018
	CodeInvalidValue         = 1019
	CodeFailed               = 1023
	CodeLimit                = 1024
	CodeWrongStatus          = 1025
	CodeComponentMissing     = 1026
	CodeAddressOperation     = 1027
	CodeNoAuthentication     = 1029
	CodeLicenceExpired       = 1030
	CodeComponentConfig      = 1031
	CodeWrongInterface       = 1032
	CodeAccountIncomplete    = 1033
	CodeWebmailMissing       = 1050
	CodeMalformedKey         = 8002
	CodeSecretKey            = 11003
	CodeDBServerUnsupported  = 14006
	CodeDBServerType         = 14008
	CodeDBServerConfig       = 14009
)

// codes is the one place where a code gets its meaning. A code that is not here is Transient:
// extensions and rare paths return others, and "operation failed, try again later" is never wrong.
var codes = map[int]struct {
	class Class
	about About
	says  string // what it means, for people
	// one: it may refuse a packet as a whole because of one of its operations
	one bool
}{
	CodeAuthentication:       {class: Denied, says: "wrong login or password"},
	CodeAccountExists:        {class: Exists, about: AboutName, says: "customer or reseller login taken"},
	CodeAgentInitialisation:  {class: Busy, one: true, says: "a component failed to start"},
	CodeNotConfigured:        {class: Busy, says: "initial setup not done"},
	CodeUnknownVersion:       {class: UnknownVersion, says: "protocol version unknown"},
	CodePermissionDenied:     {class: Forbidden, one: true, says: "the caller lacks the right"},
	CodeExists:               {class: Exists, about: AboutName, says: "data already exists"},
	CodeMultipleAccess:       {class: Busy, says: "single-session restriction"},
	CodeVirtuozzoKey:         {class: Unlicensed, says: "bad Virtuozzo key"},
	CodeAccessDenied:         {class: Denied, about: AboutPanel, says: "access to the panel denied"},
	CodeAccountDisabled:      {class: Denied, says: "suspended account"},
	CodeLoginLocked:          {class: Busy, says: "brute-force lock"},
	CodeNotFound:             {class: NotFound, about: AboutObject, one: true, says: "object does not exist"},
	CodeParse:                {class: Invalid, one: true, says: "the packet does not validate"},
	CodeOwnerNotFound:        {class: NotFound, about: AboutOwner, says: "owner does not exist"},
	CodeUnsupportedByVersion: {class: Invalid, one: true, says: "not supported by this protocol version or platform"},
	CodeAddressNotFound:      {class: Invalid, about: AboutAddress, says: "IP address not on the server or not in the owner's pool"},
	CodeInvalidValue:         {class: Invalid, about: AboutValue, says: "invalid value"},
	CodeFailed:               {class: Transient, says: "operation failed"},
	CodeLimit:                {class: Limit, says: "limit reached"},
	CodeWrongStatus:          {class: Invalid, about: AboutStatus, says: "status not settable"},
	CodeComponentMissing:     {class: Invalid, says: "component not installed"},
	CodeAddressOperation:     {class: Transient, says: "IP operation failed"},
	CodeNoAuthentication:     {class: Denied, says: "no usable authentication header"},
	CodeLicenceExpired:       {class: Unlicensed, says: "licence expired"},
	CodeComponentConfig:      {class: Transient, says: "component not configured"},
	CodeWrongInterface:       {class: Invalid, about: AboutInterface, says: "wrong network interface"},
	CodeAccountIncomplete:    {class: Invalid, says: "mandatory contact fields empty"},
	CodeWebmailMissing:       {class: Invalid, about: AboutWebmail, says: "webmail not installed"},
	CodeMalformedKey:         {class: Invalid, about: AboutValue, says: "the private key of a certificate has no format that the server reads"},
	CodeSecretKey:            {class: Denied, about: AboutKey, says: "secret key validation failed"},
	CodeDBServerUnsupported:  {class: Invalid, about: AboutDatabaseServer, says: "database server type not supported"},
	CodeDBServerType:         {class: Invalid, about: AboutDatabaseServer, says: "wrong database server type"},
	CodeDBServerConfig:       {class: Invalid, about: AboutDatabaseServer, says: "database server not configured"},
}

// Classify returns the class of a Plesk error code.
func Classify(code int) Class {
	if m, ok := codes[code]; ok {
		return m.class
	}
	return Transient
}

// Meaning says in a few words what a Plesk error code means, "" where it is not in the table: texts of servers are in the panel's language.
func Meaning(code int) string { return codes[code].says }

// KnownCode reports whether a code is in the table: a server may answer any number.
func KnownCode(code int) bool {
	_, ok := codes[code]
	return ok
}

// Error is one failure: of an operation (Code is Plesk's), or of the packet that carried it (Code is 0 when no answer had one).
type Error struct {
	Class     Class
	Code      int    // Plesk's errcode; 0 for transport failures
	Text      string // Plesk's errtext, in the panel's language: for humans only
	Operator  string // e.g. "webspace"; empty when a whole packet of several operations failed
	Operation string // e.g. "add"
	System    bool   // the packet was refused as a whole; nothing was executed
	Err       error  // the cause on the wire, where Code is 0
}

// Error says what was tried and how it failed, e.g. `webspace/add: Plesk error 1018: Ip address does not exist`.
func (e *Error) Error() string {
	what := "packet"
	if e.Operator != "" {
		what = e.Operator + "/" + e.Operation
	}
	if e.Code != 0 {
		return fmt.Sprintf("%s: Plesk error %d: %s", what, e.Code, e.Text)
	}
	return fmt.Sprintf("%s: %v", what, e.Err)
}

// About returns what the refusal is about, "" where its code does not tell.
func (e *Error) About() About { return codes[e.Code].about }

// MayBeOneOperation reports whether a packet may have failed because of one of its operations alone, so that the others would do better
// without it: the server has refused the packet for something in it, or a value in the answer cannot be read.
func (e *Error) MayBeOneOperation() bool {
	if e.Code != 0 {
		return e.System && codes[e.Code].one
	}
	_, broken := errors.AsType[net.Error](e.Err)
	s, ok := errors.AsType[*statusError](e.Err)
	whole := broken || errors.Is(e.Err, io.ErrUnexpectedEOF) || ok && s.whole()
	return !whole && (errors.Is(e.Err, errUnreadable) || errors.Is(e.Err, errTooLarge))
}

// RefusedForNow reports whether the server has answered just this operation, and will perhaps do it another time.
func (e *Error) RefusedForNow() bool {
	return e.Code != 0 && !e.System && e.Class == Transient && Classify(e.Code) == Transient
}

// Unwrap returns the cause on the wire.
func (e *Error) Unwrap() error { return e.Err }

// Contradicted turns an answer of class NotFound about something that is known to be there into one of class Transient: it says nothing.
func Contradicted(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Class != NotFound {
		return err
	}
	unclear := *e
	unclear.Class = Transient
	return &unclear
}

// ClassOf returns the class of err: that of the *Error in its chain, "" for nil, Transient for anything else
// (an unclassified error says nothing about the server, so no decision may rest on it).
func ClassOf(err error) Class {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	return Transient
}

// RefusedWith reports whether err is the server's refusal with one code, for what the code says and its class leaves open.
func RefusedWith(err error, code int) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == code
}

// IsNotFound reports whether err says that the object (or its owner) does not exist.
func IsNotFound(err error) bool { return ClassOf(err) == NotFound }

// ErrNone is the cause of a NotFound error without a code: the server answered ok and named no object.
var ErrNone = errors.New("no such object")
