// Package server holds the operations of the `server` operator: the panel itself, its settings, services and licence.
// Callers: administrator; get_protos and create_session: any user. Source: operators-accounts-server §13.
package server

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations; licence and administration have more in their own files.
var (
	GetProtos = xmlapi.Read[xmlapi.EmptyRequest, GetProtosResult]("server", "get_protos")
	Get       = xmlapi.Read[GetRequest, GetResult]("server", "get")
	Set       = xmlapi.Write[SetRequest, xmlapi.Result]("server", "set")

	ServiceManagement = xmlapi.Write[ServiceManagementRequest, ServiceManagementResult]("server", "srv_man")
	CreateSession     = xmlapi.Write[CreateSessionRequest, CreateSessionResult]("server", "create_session")
	InitialSetup      = xmlapi.Write[InitialSetupRequest, InitialSetupResult]("server", "initial_setup")

	SetMisc = xmlapi.Write[SetMiscRequest, MiscResult]("server", "set_misc")
	GetMisc = xmlapi.Read[MiscRequest, MiscResult]("server", "get_misc")
	DelMisc = xmlapi.Write[MiscRequest, MiscResult]("server", "del_misc")

	Reboot         = xmlapi.Write[xmlapi.EmptyRequest, xmlapi.Result]("server", "reboot")
	CleanMailQueue = xmlapi.Write[xmlapi.EmptyRequest, xmlapi.Result]("server", "clean-mail-queue")
)

// GetProtosResult holds the protocol versions that the server speaks.
type GetProtosResult struct {
	xmlapi.Result
	Protos *Protos `xml:"protos"`
}

// Protos is a list of protocol versions such as 1.6.9.1.
type Protos struct {
	Versions []string `xml:"proto"`
}

// The acts of ServiceManagementRequest.
const (
	Start   = "start"
	Stop    = "stop"
	Restart = "restart"
)

// ServiceManagementRequest starts, stops or restarts a service of the server.
type ServiceManagementRequest struct {
	ID        string `xml:"id"` // as Get's services name it, or ext-EXTENSION-SERVICE
	Operation string `xml:"operation"`
}

// ServiceManagementResult echoes the service, or all services of its group.
type ServiceManagementResult struct {
	xmlapi.Result
	IDs []string `xml:"id"`
}

// CreateSessionRequest asks for a token that logs a user in to the panel once.
type CreateSessionRequest struct {
	Login string       `xml:"login"`
	Data  *SessionData `xml:"data"`
}

// SessionData describes the session; every value is base64 of the real one. UserIP and SourceServer are always sent.
type SessionData struct {
	UserIP            string  `xml:"user_ip"`
	ContactEmail      *string `xml:"c_email"`
	ContactPhone      *string `xml:"c_phone"`
	StartingURL       *string `xml:"starting_url"`
	SourceServer      string  `xml:"source_server"` // the URL of the server that the user comes from
	Navigation        *string `xml:"navigation"`
	PathBar           *string `xml:"pathbar"`
	LogoImageURL      *string `xml:"logo_img_url"`
	LogoImageRef      *string `xml:"logo_img_ref"`
	LocaleID          *string `xml:"locale_id"`
	Skin              *string `xml:"skin"`
	DomainName        *string `xml:"domain_name"`
	DisableLockScreen *string `xml:"disable_lock_screen"`
	MaxButtonLength   *string `xml:"max_button_length"`
	BackURL           *string `xml:"back_url"`
}

// CreateSessionResult holds the token. Whoever has it is logged in.
type CreateSessionResult struct {
	xmlapi.Result
	Token xmlapi.Secret `xml:"id,omitempty"`
}

// InitialSetupRequest configures a fresh server, once.
type InitialSetupRequest struct {
	Admin        Admin         `xml:"admin"`
	Password     xmlapi.Secret `xml:"password"`
	ServerName   *string       `xml:"server_name"`
	TrialLicense *bool         `xml:"trial_license"`
}

// InitialSetupResult echoes the server's name.
type InitialSetupResult struct {
	xmlapi.Result
	ServerName string `xml:"server_name,omitempty"`
}

// SetMiscRequest writes into the server's store of names and values.
type SetMiscRequest struct {
	Filter MiscValues `xml:"filter"`
}

// MiscValues holds names and values, at least one.
type MiscValues struct {
	Properties []xmlapi.Property `xml:"property" choice:"properties,required"`
}

// MiscRequest names entries of the server's store of names and values.
type MiscRequest struct {
	Filter MiscNames `xml:"filter"`
}

// MiscNames holds names, at least one.
type MiscNames struct {
	Properties []MiscName `xml:"property" choice:"properties,required"`
}

// MiscName is one name.
type MiscName struct {
	Name string `xml:"name"`
}

// MiscResult is the outcome for one name.
type MiscResult struct {
	xmlapi.Result
	Property *MiscProperty `xml:"property"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r MiscResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Property == nil }

// MiscProperty is one entry of the store.
type MiscProperty struct {
	Name  string  `xml:"name"`
	Value *string `xml:"value"`
}
