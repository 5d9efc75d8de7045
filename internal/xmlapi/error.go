// The error model: what went wrong, where, and the one table that turns a code into a class.

package xmlapi

import (
	"errors"
	"fmt"
)

// Class says what a failure means for whoever called; every decision about retries, conditions and severity follows from it.
type Class string

// The classes. They are decided by code or by what happened on the wire, never by text: texts are localised.
const (
	// Transient may work if tried again: transport failures, 5xx, answers that are not XML, busy or failing components.
	Transient Class = "Transient"
	// Ambiguous is a write whose answer was lost or unreadable: it may have been executed. Read before any other write.
	Ambiguous Class = "Ambiguous"
	// Denied means that the server refuses this client as a whole: wrong credentials, licence, TLS, protocol version.
	Denied Class = "Denied"
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
	CodeSecretKey            = 11003 // secret key validation failed
	CodeDBServerUnsupported  = 14006 // database server type not supported
	CodeDBServerType         = 14008 // wrong database server type
	CodeDBServerConfig       = 14009 // database server not configured
)

// classes is the one place where a code gets its meaning. A code that is not here is Transient:
// extensions and rare paths return others, and "operation failed, try again later" is never wrong.
var classes = map[int]Class{
	CodeAgentInitialisation: Transient, CodeNotConfigured: Transient, CodeMultipleAccess: Transient, CodeLoginLocked: Transient,
	CodeFailed: Transient, CodeAddressOperation: Transient, CodeComponentConfig: Transient, CodeDBServerConfig: Transient,

	CodeAuthentication: Denied, CodeUnknownVersion: Denied, CodeVirtuozzoKey: Denied, CodeAccessDenied: Denied,
	CodeAccountDisabled: Denied, CodeNoAuthentication: Denied, CodeLicenceExpired: Denied, CodeSecretKey: Denied,

	CodePermissionDenied: Forbidden,

	CodeNotFound: NotFound, CodeOwnerNotFound: NotFound,
	CodeAccountExists: Exists, CodeExists: Exists,

	CodeParse: Invalid, CodeUnsupportedByVersion: Invalid, CodeAddressNotFound: Invalid, CodeInvalidValue: Invalid,
	CodeWrongStatus: Invalid, CodeComponentMissing: Invalid, CodeWrongInterface: Invalid, CodeAccountIncomplete: Invalid,
	CodeWebmailMissing: Invalid, CodeDBServerUnsupported: Invalid, CodeDBServerType: Invalid,

	CodeLimit: Limit,
}

// Classify returns the class of a Plesk error code.
func Classify(code int) Class {
	if c, ok := classes[code]; ok {
		return c
	}
	return Transient
}

// Error is one failure: of an operation (Code is Plesk's), or of the packet that carried it (Code is 0 when no answer told one).
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

// Unwrap returns the cause on the wire.
func (e *Error) Unwrap() error { return e.Err }

// ClassOf returns the class of err: that of the *Error in its chain, "" for nil, Transient for anything else
// (an error that nobody classified says nothing about the server, so it may never end in a decision).
func ClassOf(err error) Class {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	return Transient
}

// IsNotFound reports whether err says that the object (or its owner) does not exist.
func IsNotFound(err error) bool { return ClassOf(err) == NotFound }

// ErrNone is the cause of a NotFound error without a code: the server answered ok and named no object.
var ErrNone = errors.New("no such object")
