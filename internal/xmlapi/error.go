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
	CodeAuthentication       = 1001  // wrong login or password
	CodeAccountExists        = 1002  // customer or reseller login taken
	CodeAgentInitialisation  = 1003  // a component failed to start
	CodeNotConfigured        = 1004  // initial setup not done
	CodeUnknownVersion       = 1005  // protocol version unknown
	CodePermissionDenied     = 1006  // the caller lacks the right
	CodeExists               = 1007  // data already exists
	CodeMultipleAccess       = 1008  // single-session restriction
	CodeVirtuozzoKey         = 1009  // bad Virtuozzo key
	CodeAccessDenied         = 1010  // access to the panel denied
	CodeAccountDisabled      = 1011  // suspended account
	CodeLoginLocked          = 1012  // brute-force lock
	CodeNotFound             = 1013  // object does not exist
	CodeParse                = 1014  // the packet does not validate
	CodeOwnerNotFound        = 1015  // owner does not exist
	CodeUnsupportedByVersion = 1017  // not supported by this protocol version or platform
	CodeAddressNotFound      = 1018  // IP address not on the server or not in the owner's pool
	CodeInvalidValue         = 1019  // invalid value
	CodeFailed               = 1023  // operation failed
	CodeLimit                = 1024  // limit reached
	CodeWrongStatus          = 1025  // status not settable
	CodeComponentMissing     = 1026  // component not installed
	CodeAddressOperation     = 1027  // IP operation failed
	CodeNoAuthentication     = 1029  // no usable authentication header
	CodeLicenceExpired       = 1030  // licence expired
	CodeComponentConfig      = 1031  // component not configured
	CodeWrongInterface       = 1032  // wrong network interface
	CodeAccountIncomplete    = 1033  // mandatory contact fields empty
	CodeWebmailMissing       = 1050  // webmail not installed
	CodeMalformedKey         = 8002  // the private key of a certificate has no format that the server reads
	CodeSecretKey            = 11003 // secret key validation failed
	CodeDBServerUnsupported  = 14006 // database server type not supported
	CodeDBServerType         = 14008 // wrong database server type
	CodeDBServerConfig       = 14009 // database server not configured
)

// codes is the one place where a code gets its meaning. A code that is not here is Transient:
// extensions and rare paths return others, and "operation failed, try again later" is never wrong.
var codes = map[int]struct {
	class Class
	about About
	// one: it may refuse a packet as a whole because of one of its operations
	one bool
}{
	CodeAuthentication:       {class: Denied},
	CodeAccountExists:        {class: Exists, about: AboutName},
	CodeAgentInitialisation:  {class: Busy, one: true},
	CodeNotConfigured:        {class: Busy},
	CodeUnknownVersion:       {class: UnknownVersion},
	CodePermissionDenied:     {class: Forbidden, one: true},
	CodeExists:               {class: Exists, about: AboutName},
	CodeMultipleAccess:       {class: Busy},
	CodeVirtuozzoKey:         {class: Unlicensed},
	CodeAccessDenied:         {class: Denied, about: AboutPanel},
	CodeAccountDisabled:      {class: Denied},
	CodeLoginLocked:          {class: Busy},
	CodeNotFound:             {class: NotFound, about: AboutObject, one: true},
	CodeParse:                {class: Invalid, one: true},
	CodeOwnerNotFound:        {class: NotFound, about: AboutOwner},
	CodeUnsupportedByVersion: {class: Invalid, one: true},
	CodeAddressNotFound:      {class: Invalid, about: AboutAddress},
	CodeInvalidValue:         {class: Invalid, about: AboutValue},
	CodeFailed:               {class: Transient},
	CodeLimit:                {class: Limit},
	CodeWrongStatus:          {class: Invalid, about: AboutStatus},
	CodeComponentMissing:     {class: Invalid},
	CodeAddressOperation:     {class: Transient},
	CodeNoAuthentication:     {class: Denied},
	CodeLicenceExpired:       {class: Unlicensed},
	CodeComponentConfig:      {class: Transient},
	CodeWrongInterface:       {class: Invalid, about: AboutInterface},
	CodeAccountIncomplete:    {class: Invalid},
	CodeWebmailMissing:       {class: Invalid, about: AboutWebmail},
	CodeMalformedKey:         {class: Invalid, about: AboutValue},
	CodeSecretKey:            {class: Denied, about: AboutKey},
	CodeDBServerUnsupported:  {class: Invalid, about: AboutDatabaseServer},
	CodeDBServerType:         {class: Invalid, about: AboutDatabaseServer},
	CodeDBServerConfig:       {class: Invalid, about: AboutDatabaseServer},
}

// Classify returns the class of a Plesk error code.
func Classify(code int) Class {
	if m, ok := codes[code]; ok {
		return m.class
	}
	return Transient
}

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

// Unwrap returns the cause on the wire.
func (e *Error) Unwrap() error { return e.Err }

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
