// Changing the server: administrator, preferences, session time, certificates.

package server

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// SetRequest changes the given blocks; within a block, nil values stay.
type SetRequest struct {
	Admin        *Admin         `xml:"admin"`
	Password     *xmlapi.Secret `xml:"password"` // the administrator's, 5 to 255 characters
	Preferences  *Preferences   `xml:"prefs"`
	SessionSetup *SessionSetup  `xml:"session_setup"`
	ExternalID   *string        `xml:"external-id"`
	Mode         *string        `xml:"mode"` // poweruser or standard
	Certificates *Certificates  `xml:"certificates"`
}

// Admin is the administrator's account. The contact is one unit: absent, or with its required fields.
type Admin struct {
	*AdminContact
	UID         *string `xml:"uid"`
	GlobalLogin *string `xml:"global-login"`
}

// AdminContact is the administrator's contact and settings. ContactName and Email are required.
type AdminContact struct {
	CompanyName      *string `xml:"admin_cname"`
	ContactName      string  `xml:"admin_pname"`
	Phone            *string `xml:"admin_phone"`
	Fax              *string `xml:"admin_fax"`
	Email            string  `xml:"admin_email"`
	Address          *string `xml:"admin_address"`
	City             *string `xml:"admin_city"`
	State            *string `xml:"admin_state"`
	PostalCode       *string `xml:"admin_pcode"` // 10 characters at most
	Country          *string `xml:"admin_country"`
	SendAnnounce     *bool   `xml:"send_announce"`
	Locale           *string `xml:"admin_locale"`
	MultipleSessions *bool   `xml:"admin_multiple_sessions"`
}

// Preferences are the server's settings. The numbers of outgoing messages are per hour.
type Preferences struct {
	MaxConnections                    *int           `xml:"max_connections"`
	MaxConnectionsPerIP               *int           `xml:"max_connections_per_ip"`
	OutgoingEmailMode                 *string        `xml:"outgoing_email_mode"` // domain-ip, domain-name or explicit-ip
	OutgoingEmailModeExplicitIPv4     *string        `xml:"outgoing_email_mode_explicit_ipv4"`
	OutgoingEmailModeExplicitIPv6     *string        `xml:"outgoing_email_mode_explicit_ipv6"`
	OutgoingAntispam                  *bool          `xml:"outgoing_antispam"`
	OutgoingMessagesMailboxLimit      *int           `xml:"outgoing_messages_mbox_limit"`
	OutgoingMessagesDomainLimit       *int           `xml:"outgoing_messages_domain_limit"`
	OutgoingMessagesSubscriptionLimit *int           `xml:"outgoing_messages_subscription_limit"`
	EnableSendmail                    *bool          `xml:"enable_sendmail"`
	ReportPeriod                      *string        `xml:"report_period"`       // P1D, P1W, P2W or P1M
	NotificationPeriod                *string        `xml:"notification_period"` // PT15M, PT1H, PT6H, PT12H or P1D
	StatisticsMonths                  *int           `xml:"stat_ttl"`
	IncludeRemoteDatabases            *bool          `xml:"include_remote_databases"`
	TrafficAccounting                 *int           `xml:"traffic_accounting"`      // 1 incoming, 2 outgoing, 3 both
	RestartApacheInterval             *int           `xml:"restart_apache_interval"` // seconds
	ApachePipelog                     *bool          `xml:"apache_pipelog"`
	FTPOverSSL                        *string        `xml:"ftp_over_ssl"` // disabled, enabled, required or custom
	MailNotifications                 *bool          `xml:"mail_notifications"`
	SMTPUseDefaultSettings            *bool          `xml:"smtp_use_default_settings"`
	SMTPHost                          *string        `xml:"smtp_host"`
	SMTPPort                          *int           `xml:"smtp_port"`
	SMTPLogin                         *string        `xml:"smtp_login"`
	SMTPPassword                      *xmlapi.Secret `xml:"smtp_password"`
	SMTPTLS                           *bool          `xml:"smtp_tls"`
	SMTPAllowUsers                    *bool          `xml:"smtp_allow_users"`
	APSForceUpdates                   *bool          `xml:"aps_force_updates"`
	APSSuggestUpdates                 *bool          `xml:"aps_suggest_updates"`
	PreviewProtection                 *bool          `xml:"preview_protection"`
	WAFRuleEngine                     *string        `xml:"waf-rule-engine"` // on, detection-only or off
	WAFRuleSet                        *string        `xml:"waf-rule-set"`
}

// SessionSetup bounds the panel's sessions.
type SessionSetup struct {
	LoginTimeout *int `xml:"login_timeout"` // minutes
}

// Certificates are those of the panel and of the mail server.
type Certificates struct {
	Panel      *Certificate `xml:"panel"`
	MailServer *Certificate `xml:"mail-server"`
}

// Certificate names a certificate in its repository.
type Certificate struct {
	Name string `xml:"name"`
	hosting.Repository
}
