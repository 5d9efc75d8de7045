// What a simulated server can be told when it is made, and what it tells its tests.

package plesksim

import (
	"crypto/rand"
	"io"
	"time"
)

// Options configure a Server. The zero value is a fresh Linux server with login admin and DefaultPassword.
type Options struct {
	Address      string // where to listen; "" means 127.0.0.1:0
	PlainAddress string // where to serve plain HTTP as well, as real servers do on port 8880; "" is nowhere
	Hostname     string // the server's own name; "" means DefaultHostname
	// Protocol is the newest version that it speaks, in full or abbreviated (1.6.5 is the newest that begins so); "" means NewestVersion. What came
	// later it does not have: the elements are refused, the names of limits and properties unknown, and neither is answered.
	Protocol string
	OS       OS     // what it runs on: some operations, names and values exist on one only; "" means Linux
	TLSDir   string // keeps the CA and the server's key across restarts; "" makes new ones in memory

	// StateFile keeps the state across restarts: it is read by New, and written when the server stops and at most a second after
	// a change. If the file does not exist, a fresh server is made; otherwise the options that set up a fresh server (logins, keys,
	// names) have no effect. "" keeps the state in memory only.
	StateFile string

	// SeedFiles hold packets that a fresh server executes as administrator before anybody else can send one. The server is not
	// made if one of them fails.
	SeedFiles []string
	// RecordFile gets a line of JSON for each exchange over HTTP, appended, without the passwords and keys in it.
	RecordFile string

	Login    string // the administrator; "" means DefaultLogin
	Password string // "" means DefaultPassword
	// SecretKey lets the administrator in from anywhere, like a key that was made beforehand; "" makes none.
	SecretKey string

	// Unconfigured leaves the initial setup to be done: until server/initial_setup, everything else is refused with 1004.
	Unconfigured bool

	AllowedIPs []string // panel.ini [api] allowedIPs: other peers are refused with 1006; empty allows all
	Disabled   bool     // panel.ini [api] enabled = off: every packet is refused with 1006

	// Where the documents leave the behaviour open, these switch from the default to the other reading.
	Empty                     EmptyAnswer // what a filter that matches nothing answers
	LastIDExclusive           bool        // event_log/get_events starts after lastId, not at it
	AllowDuplicateExternalIDs bool        // external-id is not unique per kind of object
	AllowWeakPasswords        bool        // no password policy
	KeepBlanks                bool        // blanks at the edges of values and in runs are kept
	ForeignObjectsForbidden   bool        // writes to what the caller may not see fail with 1006, not 1013
	FullNamesInZone           bool        // dns/add_rec takes a host that already ends in the zone's name as it is
	UsedPlansStay             bool        // del refuses plans that have subscriptions or resellers
	IgnoreForeignRecords      bool        // a domain may have the name of a host in another zone
	AllowDuplicateRecords     bool        // an exact duplicate of a DNS record is accepted
	NullTargetsRefused        bool        // dns/add_rec refuses the value "." of MX and SRV records
	UsedCertificatesGo        bool        // the certificate of a site can be removed, as up to Plesk 12.5: the site falls back to the default one
	UnknownMiscIsEmpty        bool        // server/get_misc and del_misc answer an unknown name with an empty value, not with 1013
	OldVersionsUnsupported    bool        // operations of packets that name an older protocol than its newest fail with 1017, each in its result
	EmptyDatasetHidesIDs      bool        // get with an empty dataset answers results without ids
	TakenResellerLoginInvalid bool        // a reseller's login that is taken is 1019, as on Plesk 11.5, not 1002

	Locale Locale // the language of error texts; "" means English

	PacketLatency    time.Duration // how long a packet takes before anything in it is looked at, many at the same time
	OperationLatency time.Duration // how long an operation takes, those that can change something one at a time over all connections

	MaxEvents int // the event log forgets the oldest beyond this many; 0 means DefaultMaxEvents

	Clock func() time.Time // nil means time.Now
	Rand  io.Reader        // source of GUIDs, keys and tokens; nil means crypto/rand
	Seed  uint64           // of the probabilities of faults

	// OnError is called for failures that concern no client, such as a state file that cannot be written. nil prints them
	// to standard error. It may be called concurrently.
	OnError func(error)
	// OnPacket is called after each exchange over HTTP, with copies that it may keep. It may be called concurrently.
	OnPacket func(Packet)
	// OnInvalidAnswer makes the server validate each of its answers against the response grammar and is called for a violation.
	OnInvalidAnswer func(err error, request, answer []byte)
}

// Defaults of Options.
const (
	DefaultLogin     = "admin"
	DefaultPassword  = "Sim-Plesk-1"
	DefaultHostname  = "plesk.example.net"
	DefaultMaxEvents = 100_000
)

// OS is an operating system that Plesk runs on.
type OS string

// The operating systems.
const (
	Linux   OS = "linux"
	Windows OS = "windows"
)

// EmptyAnswer chooses between the shapes of "no match" that real servers give (protocol-core §4.3).
type EmptyAnswer int

// The shapes.
const (
	EmptyDocumented EmptyAnswer = iota // a bare ok result, or no result where an operation's reference page says so
	EmptyBareOK                        // a bare ok result, always
	EmptyNoResult                      // no result wherever the grammar lets it be absent
)

// Locale is a language of error texts.
type Locale string

// The languages. Texts without a translation stay English, as on real servers.
const (
	English Locale = "en"
	German  Locale = "de"
)

// Packet is one exchange over HTTP.
type Packet struct {
	Peer       string // the client's address
	Login      string // who was authenticated, "" if nobody was
	Agent      string // the request's User-Agent
	Began      time.Time
	Request    []byte
	Operations []string // in their order, where it was understood: "customer/add", "mail/update/set"
	Writes     bool     // whether it was understood and has an operation that can change something
	Status     int      // HTTP status; 0 when the connection was closed without one
	Response   []byte   // as far as it was written
}

func (o Options) withDefaults() Options {
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	if o.Protocol == "" {
		o.Protocol = NewestVersion
	}
	if o.Hostname == "" {
		o.Hostname = DefaultHostname
	}
	if o.OS == "" {
		o.OS = Linux
	}
	if o.Login == "" {
		o.Login = DefaultLogin
	}
	if o.Password == "" {
		o.Password = DefaultPassword
	}
	if o.MaxEvents == 0 {
		o.MaxEvents = DefaultMaxEvents
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return o
}
