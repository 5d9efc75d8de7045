// PleskServerSettings: how a server is set up.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PanelView says for whom the panel is laid out.
// +kubebuilder:validation:Enum=ServiceProvider;PowerUser
type PanelView string

// The views.
const (
	// PanelViewServiceProvider has customers, resellers and plans (mode standard).
	PanelViewServiceProvider PanelView = "ServiceProvider"
	// PanelViewPowerUser is for one who has all sites themselves (mode poweruser).
	PanelViewPowerUser PanelView = "PowerUser"
)

// OutgoingMailMode says from which address mail leaves the server.
// +kubebuilder:validation:Enum=DomainIP;DomainName;ExplicitIP
type OutgoingMailMode string

// The modes.
const (
	// OutgoingMailDomainIP sends from the addresses of the sites (domain-ip).
	OutgoingMailDomainIP OutgoingMailMode = "DomainIP"
	// OutgoingMailDomainName does, and greets with their names (domain-name).
	OutgoingMailDomainName OutgoingMailMode = "DomainName"
	// OutgoingMailExplicitIP sends all from given addresses (explicit-ip).
	OutgoingMailExplicitIP OutgoingMailMode = "ExplicitIP"
)

// ReportPeriod is the time that a report is about.
// +kubebuilder:validation:Enum=Day;Week;TwoWeeks;Month
type ReportPeriod string

// The times: P1D, P1W, P2W and P1M.
const (
	ReportPeriodDay      ReportPeriod = "Day"
	ReportPeriodWeek     ReportPeriod = "Week"
	ReportPeriodTwoWeeks ReportPeriod = "TwoWeeks"
	ReportPeriodMonth    ReportPeriod = "Month"
)

// NotificationPeriod is the time between two notifications.
// +kubebuilder:validation:Enum=QuarterHour;Hour;SixHours;TwelveHours;Day
type NotificationPeriod string

// The times: PT15M, PT1H, PT6H, PT12H and P1D.
const (
	NotificationPeriodQuarterHour NotificationPeriod = "QuarterHour"
	NotificationPeriodHour        NotificationPeriod = "Hour"
	NotificationPeriodSixHours    NotificationPeriod = "SixHours"
	NotificationPeriodTwelveHours NotificationPeriod = "TwelveHours"
	NotificationPeriodDay         NotificationPeriod = "Day"
)

// TrafficAccounting says which traffic counts.
// +kubebuilder:validation:Enum=Incoming;Outgoing;Both
type TrafficAccounting string

// The traffic: 1, 2 and 3.
const (
	TrafficAccountingIncoming TrafficAccounting = "Incoming"
	TrafficAccountingOutgoing TrafficAccounting = "Outgoing"
	TrafficAccountingBoth     TrafficAccounting = "Both"
)

// FTPOverTLS says whether FTP is encrypted.
// +kubebuilder:validation:Enum=Disabled;Enabled;Required;Custom
type FTPOverTLS string

// The policies: disabled, enabled, required and custom.
const (
	FTPOverTLSDisabled FTPOverTLS = "Disabled"
	FTPOverTLSEnabled  FTPOverTLS = "Enabled"
	FTPOverTLSRequired FTPOverTLS = "Required"
	// FTPOverTLSCustom is what somebody has written into the configuration of the FTP server.
	FTPOverTLSCustom FTPOverTLS = "Custom"
)

// FirewallMode says what the web application firewall does.
// +kubebuilder:validation:Enum=On;DetectionOnly;Off
type FirewallMode string

// The modes: on, detection-only and off.
const (
	FirewallModeOn            FirewallMode = "On"
	FirewallModeDetectionOnly FirewallMode = "DetectionOnly"
	FirewallModeOff           FirewallMode = "Off"
)

// DNSRecursion says for whom the DNS server resolves names that are not its own.
// +kubebuilder:validation:Enum=Any;Nobody;Localhost;LocalNetworks
type DNSRecursion string

// Who may ask: on, off, local and localnets.
const (
	DNSRecursionAny           DNSRecursion = "Any"
	DNSRecursionNobody        DNSRecursion = "Nobody"
	DNSRecursionLocalhost     DNSRecursion = "Localhost"
	DNSRecursionLocalNetworks DNSRecursion = "LocalNetworks"
)

// PleskServerSettingsSpec describes how a server is set up. The settings come with the server: this resource only sets them, and leaves them as they
// are when it is deleted. A field that is not set is not managed.
type PleskServerSettingsSpec struct {
	CommonSpec `json:",inline"`

	// view says for whom the panel is laid out: ServiceProvider, with customers and plans, or PowerUser. Protocol 1.6.6 and later. Unset: not
	// managed. Wire: mode.
	// +optional
	View *PanelView `json:"view,omitempty"`

	// sessionTimeout is how long a session in the panel may be idle, in whole minutes from 1m to 1666h39m. Unset: not managed. Wire:
	// session_setup/login_timeout.
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=13
	// +kubebuilder:validation:Pattern=`^([0-9]{1,4}h)?([0-9]{1,5}m)?(0s)?$`
	SessionTimeout *metav1.Duration `json:"sessionTimeout,omitempty"`

	// mail says how the mail server works.
	// +optional
	Mail *ServerMail `json:"mail,omitempty"`

	// notifications say how the panel sends mail of its own.
	// +optional
	Notifications *ServerNotifications `json:"notifications,omitempty"`

	// statistics say what is counted, and for how long that is kept.
	// +optional
	Statistics *ServerStatistics `json:"statistics,omitempty"`

	// web says how the web server works.
	// +optional
	Web *ServerWeb `json:"web,omitempty"`

	// ftpOverTLS says whether FTP is encrypted: Disabled, Enabled for those who want it, Required, or Custom. Unset: not managed. Wire:
	// prefs/ftp_over_ssl.
	// +optional
	FTPOverTLS *FTPOverTLS `json:"ftpOverTLS,omitempty"`

	// applications say how packaged applications of sites are kept.
	// +optional
	Applications *ServerApplications `json:"applications,omitempty"`

	// dns says how the DNS server works.
	// +optional
	DNS *ServerDNS `json:"dns,omitempty"`

	// locales switches languages of the panel on (true) and off (false), by their ids, e.g. de-DE. Those that are not named stay as they are. The
	// server refuses to switch off English, and its default language. Wire: locale/enable, locale/disable.
	// +optional
	// +kubebuilder:validation:MaxProperties=100
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 255)",message="names have at most 255 characters"
	Locales map[string]bool `json:"locales,omitempty"`

	// phpHandlers lets sites choose ways to run PHP (true), or not any more (false), by their ids, e.g. plesk-php83-fpm. Those that are not named stay
	// as they are. Sites that use one which is switched off keep it. Wire: php-handler/enable, php-handler/disable.
	// +optional
	// +kubebuilder:validation:MaxProperties=100
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 255)",message="names have at most 255 characters"
	PHPHandlers map[string]bool `json:"phpHandlers,omitempty"`

	// prohibitedDomains are names that no site may be given.
	// +optional
	ProhibitedDomains *ProhibitedDomains `json:"prohibitedDomains,omitempty"`
}

// ServerMail says how the mail server works. What is not set is not managed.
type ServerMail struct {
	// maxConnections is how many connections the IMAP and POP3 server takes at once. Unset: not managed. Wire: prefs/max_connections.
	// +optional
	// +kubebuilder:validation:Minimum=0
	MaxConnections *int32 `json:"maxConnections,omitempty"`
	// maxConnectionsPerIP is how many connections from one address it takes at once. Unset: not managed. Wire: prefs/max_connections_per_ip.
	// +optional
	// +kubebuilder:validation:Minimum=0
	MaxConnectionsPerIP *int32 `json:"maxConnectionsPerIP,omitempty"`
	// certificateName is the name of the certificate, of the server's own repository, that secures the mail server: a PleskCertificate without siteRef stores
	// one there and renews it under its name, so give that a certificateName. It is waited for. Protocol 1.6.8 and later. Unset: not managed. Wire:
	// certificates/mail-server.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	CertificateName *string `json:"certificateName,omitempty"`
	// outgoing says from where mail is sent.
	// +optional
	Outgoing *ServerOutgoingMail `json:"outgoing,omitempty"`
	// outgoingControl bounds how much mail is sent.
	// +optional
	OutgoingControl *OutgoingMailControl `json:"outgoingControl,omitempty"`
}

// ServerOutgoingMail says from where mail is sent. What is not set is not managed.
type ServerOutgoingMail struct {
	// mode says from which address mail is sent: DomainIP, that of the site; DomainName, likewise, with the site's name in the greeting; ExplicitIP, the given ones.
	// Unset: not managed. Wire: prefs/outgoing_email_mode.
	// +optional
	Mode *OutgoingMailMode `json:"mode,omitempty"`
	// ipv4 is the server's IPv4 address for mode ExplicitIP; an empty text: none. Unset: not managed. Wire: prefs/outgoing_email_mode_explicit_ipv4.
	// +optional
	// +kubebuilder:validation:MaxLength=45
	// +kubebuilder:validation:XValidation:rule="self == '' || (isIP(self) && ip(self).family() == 4)",message="not an IPv4 address"
	IPv4 *string `json:"ipv4,omitempty"`
	// ipv6 is the server's IPv6 address for mode ExplicitIP; an empty text: none. Unset: not managed. Wire: prefs/outgoing_email_mode_explicit_ipv6.
	// +optional
	// +kubebuilder:validation:MaxLength=45
	// +kubebuilder:validation:XValidation:rule="self == '' || (isIP(self) && ip(self).family() == 6)",message="not an IPv6 address"
	IPv6 *string `json:"ipv6,omitempty"`
}

// OutgoingMailControl bounds how many messages are sent per hour. What is not set is not managed.
type OutgoingMailControl struct {
	// enabled puts the bounds of outgoing mail in force. Unset: not managed. Wire: prefs/outgoing_antispam.
	// +optional
	Enabled *bool `json:"enabled,omitempty"`
	// mailboxLimit is how many messages a mail account may send per hour; -1: any number. Unset: not managed. Wire: prefs/outgoing_messages_mbox_limit.
	// +optional
	// +kubebuilder:validation:Minimum=-1
	MailboxLimit *int32 `json:"mailboxLimit,omitempty"`
	// domainLimit is how many messages a site may send per hour; -1: any number. Unset: not managed. Wire: prefs/outgoing_messages_domain_limit.
	// +optional
	// +kubebuilder:validation:Minimum=-1
	DomainLimit *int32 `json:"domainLimit,omitempty"`
	// subscriptionLimit is how many messages a subscription may send per hour; -1: any number. Unset: not managed. Wire:
	// prefs/outgoing_messages_subscription_limit.
	// +optional
	// +kubebuilder:validation:Minimum=-1
	SubscriptionLimit *int32 `json:"subscriptionLimit,omitempty"`
	// sendmail lets scripts and system users send by the program of that name, past the bounds of mail accounts. Unset: not managed. Wire:
	// prefs/enable_sendmail.
	// +optional
	Sendmail *bool `json:"sendmail,omitempty"`
	// reportPeriod is the time that reports of senders beyond their bounds are about: Day, Week, TwoWeeks or Month. Unset: not managed. Wire:
	// prefs/report_period.
	// +optional
	ReportPeriod *ReportPeriod `json:"reportPeriod,omitempty"`
	// notificationPeriod is the time between two messages to the administrator about them: QuarterHour, Hour, SixHours, TwelveHours or Day. Unset: not
	// managed. Wire: prefs/notification_period.
	// +optional
	NotificationPeriod *NotificationPeriod `json:"notificationPeriod,omitempty"`
}

// ServerNotifications say how the panel sends mail of its own. What is not set is not managed.
type ServerNotifications struct {
	// enabled lets the panel send mail of its own. Unset: not managed. Wire: prefs/mail_notifications.
	// +optional
	Enabled *bool `json:"enabled,omitempty"`
	// useDefaultSettings has it sent by the server's own mail server. Unset: not managed. Wire: prefs/smtp_use_default_settings.
	// +optional
	UseDefaultSettings *bool `json:"useDefaultSettings,omitempty"`
	// smtpHost is the SMTP server that the panel sends its mail by. Unset: not managed. Wire: prefs/smtp_host.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	SMTPHost *string `json:"smtpHost,omitempty"`
	// smtpPort is the port of the SMTP server. Unset: not managed. Wire: prefs/smtp_port.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	SMTPPort *int32 `json:"smtpPort,omitempty"`
	// smtpLogin is the login at the SMTP server. Its password is set in the panel: no answer tells whether the server has it. Unset: not managed. Wire:
	// prefs/smtp_login.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	SMTPLogin *string `json:"smtpLogin,omitempty"`
	// smtpTLS encrypts the connection to the SMTP server. Unset: not managed. Wire: prefs/smtp_tls.
	// +optional
	SMTPTLS *bool `json:"smtpTLS,omitempty"`
	// smtpForUsers lets scripts of sites send by the SMTP server, too. Unset: not managed. Wire: prefs/smtp_allow_users.
	// +optional
	SMTPForUsers *bool `json:"smtpForUsers,omitempty"`
}

// ServerStatistics say what is counted. What is not set is not managed.
type ServerStatistics struct {
	// retentionMonths is how many months of traffic statistics are kept. Unset: not managed. Wire: prefs/stat_ttl.
	// +optional
	// +kubebuilder:validation:Minimum=1
	RetentionMonths *int32 `json:"retentionMonths,omitempty"`
	// includeRemoteDatabases counts databases on other machines as used disk space. Unset: not managed. Wire: prefs/include_remote_databases.
	// +optional
	IncludeRemoteDatabases *bool `json:"includeRemoteDatabases,omitempty"`
	// traffic says which traffic counts: Incoming, Outgoing or Both. Unset: not managed. Wire: prefs/traffic_accounting.
	// +optional
	Traffic *TrafficAccounting `json:"traffic,omitempty"`
}

// ServerWeb says how the web server works. What is not set is not managed.
type ServerWeb struct {
	// restartIntervalSeconds is how many seconds lie between two restarts of Apache at least; 0: it restarts at once. Unset: not managed. Wire:
	// prefs/restart_apache_interval.
	// +optional
	// +kubebuilder:validation:Minimum=0
	RestartIntervalSeconds *int32 `json:"restartIntervalSeconds,omitempty"`
	// pipedLogs lets Apache write the logs of sites through a program, so that more sites fit. Unset: not managed. Wire: prefs/apache_pipelog.
	// +optional
	PipedLogs *bool `json:"pipedLogs,omitempty"`
	// previewProtection keeps the previews of sites from those who are not logged in. Unset: not managed. Wire: prefs/preview_protection.
	// +optional
	PreviewProtection *bool `json:"previewProtection,omitempty"`
	// firewallMode says what the web application firewall does: On, DetectionOnly or Off. Unset: not managed. Wire: prefs/waf-rule-engine.
	// +optional
	FirewallMode *FirewallMode `json:"firewallMode,omitempty"`
	// firewallRuleSet is the name of the rules of the web application firewall. Unset: not managed. Wire: prefs/waf-rule-set.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	FirewallRuleSet *string `json:"firewallRuleSet,omitempty"`
}

// ServerApplications say how packaged applications are kept. What is not set is not managed.
type ServerApplications struct {
	// forceUpdates updates packaged applications without asking. Unset: not managed. Wire: prefs/aps_force_updates.
	// +optional
	ForceUpdates *bool `json:"forceUpdates,omitempty"`
	// suggestUpdates tells the owners of sites of updates for packaged applications. Unset: not managed. Wire: prefs/aps_suggest_updates.
	// +optional
	SuggestUpdates *bool `json:"suggestUpdates,omitempty"`
}

// ServerDNS says how the DNS server works. What is not set is not managed.
type ServerDNS struct {
	// recursion says for whom the DNS server resolves names that are not its own: Any, Nobody, Localhost or LocalNetworks. Unset: not managed. Wire:
	// dns/set-recursion.
	// +optional
	Recursion *DNSRecursion `json:"recursion,omitempty"`
	// transferACL lists the addresses and networks that may transfer zones; others are removed, and an empty list allows nobody. Linux only.
	// Unset: not managed. Wire: dns/add_to_acl, dns/remove_from_acl.
	// +optional
	// +kubebuilder:validation:MaxItems=256
	// +kubebuilder:validation:items:MaxLength=49
	// +kubebuilder:validation:items:XValidation:rule="isIP(self) || isCIDR(self)",message="neither an IP address nor a network such as 192.0.2.0/24"
	// +listType=set
	TransferACL []string `json:"transferACL,omitzero"`
	// remote says that a DNS server elsewhere is used. Windows only. Unset: not managed. Wire: dns/enable-remote-dns, dns/disable-remote-dns.
	// +optional
	Remote *bool `json:"remote,omitempty"`
}

// ProhibitedDomains are names that no site may be given. What is not set is not managed.
type ProhibitedDomains struct {
	// enforced puts the list of prohibited names in force; sites that have one of the names keep it. Unset: not managed. Wire: server/domain-restriction-enable, -disable.
	// +optional
	Enforced *bool `json:"enforced,omitempty"`
	// names are domain names; others are removed from the list, and an empty list prohibits none. Internationalised names are written as they are
	// or in punycode. Unset: not managed. Wire: server/domain-restriction-add, -remove.
	// +optional
	// +kubebuilder:validation:MaxItems=1000
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	// +listType=set
	Names []string `json:"names,omitzero"`
}

// PleskServerSettingsStatus is what was found on the server.
type PleskServerSettingsStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of its settings.
	// +optional
	Observed *ObservedServerSettings `json:"observed,omitempty"`
}

// ObservedServerSettings is what the server shows of its settings. What it does not tell is left out.
type ObservedServerSettings struct {
	// settings are the values by the names of their fields, e.g. "web.firewallMode": "On", "locales.de-DE": "true".
	// +optional
	Settings map[string]string `json:"settings,omitempty"`
	// transferACL lists the addresses and networks that may transfer zones.
	// +optional
	// +listType=atomic
	TransferACL []string `json:"transferACL,omitempty"`
	// prohibitedDomains are the names that no site may be given, in punycode.
	// +optional
	// +listType=atomic
	ProhibitedDomains []string `json:"prohibitedDomains,omitempty"`
}

// PleskServerSettings is how a server is set up: mail, web, DNS, languages, PHP. Its natural key is the server, which has one set of settings. It is for
// administrators, and for other namespaces only where the PleskServer's tenants say so. Begin with managementPolicy ObserveOnly: each setting is about all
// sites of the server. What could lock the operator or its owner out has no field: the administrator's password (it is the credentials of the PleskServer),
// e-mail address and contact (a forgotten password is sent there), global login, and number of sessions; the certificate of the panel, by which the operator
// knows the server (its content is renewed in place). Nor have the server's external id, which is another system's; further administrators,
// which no operation shows; the password of the SMTP server; licences, services and restarts, which are acts.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:path=pleskserversettings,singular=pleskserversettings,categories=plesk,shortName=plsrvset
// +kubebuilder:printcolumn:name="View",type=string,JSONPath=`.status.observed.settings.view`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskServerSettings struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the settings.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef)",message="serverRef is required"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskServerSettingsSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskServerSettingsStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskServerSettings) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskServerSettings) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskServerSettingsList is a list of PleskServerSettings.
// +kubebuilder:object:root=true
type PleskServerSettingsList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskServerSettings `json:"items"`
}
