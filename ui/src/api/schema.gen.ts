// Made from the OpenAPI document by `make ui-types`; not written by hand.
export interface paths {
    "/api/v1/hpcwaas/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Waas Workflows
         * @description List the workflows that the caller may run.
         */
        get: operations["list_waas_workflows_api_v1_hpcwaas_workflows_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hpcwaas/workflows/{workflow_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Trigger Waas Workflow
         * @description Start an execution; `Location` ends with its id.
         */
        post: operations["trigger_waas_workflow_api_v1_hpcwaas_workflows__workflow_id__post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hpcwaas/executions/{execution_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Waas Execution
         * @description Show the state of an execution, and its results once they are there.
         */
        get: operations["show_waas_execution_api_v1_hpcwaas_executions__execution_id__get"];
        put?: never;
        post?: never;
        /**
         * Cancel Waas Execution
         * @description Cancel an execution; each site's own word ends its jobs.
         */
        delete: operations["cancel_waas_execution_api_v1_hpcwaas_executions__execution_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hpcwaas/executions/{execution_id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Waas Logs
         * @description Read log entries, waiting for the next ones if there are none yet; past the end of an ended execution 410.
         */
        get: operations["read_waas_logs_api_v1_hpcwaas_executions__execution_id__logs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hpcwaas/ssh_keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make Waas Key
         * @description Make an SSH key pair of the caller's own. The private half never leaves; the id is the token that uses it.
         */
        post: operations["make_waas_key_api_v1_hpcwaas_ssh_keys_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Login
         * @description Exchange organization, user name and password for a token set.
         */
        post: operations["login_api_v1_organization_auth_login_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open Session
         * @description Log in a browser: the answer sets a cookie, HttpOnly and SameSite, instead of showing tokens.
         */
        post: operations["open_session_api_v1_organization_auth_session_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refresh
         * @description Exchange a refresh token, which then is used up, for a new set. Its second use ends the session.
         */
        post: operations["refresh_api_v1_organization_auth_refresh_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Logout
         * @description End the session at once and everywhere; an access token, a refresh token or a browser's cookie says which.
         */
        post: operations["logout_api_v1_organization_auth_logout_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/auth/rights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Rights
         * @description Return every action with the default roles that give it to you: what to ask an administrator for.
         *
         *     Those come first that are given to people who work; none: only those who run the platform have it.
         */
        get: operations["list_rights_api_v1_organization_auth_rights_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Me
         * @description Who am I, what may I do, and how do I like the pages to be.
         */
        get: operations["me_api_v1_organization_auth_me_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/auth/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Preferences
         * @description Keep how you like the pages to be; what is left out stays as it is.
         */
        patch: operations["change_preferences_api_v1_organization_auth_preferences_patch"];
        trace?: never;
    };
    "/api/v1/organization/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Password
         * @description Set one's own password; the only call that a one-time password allows. Other sessions end.
         */
        post: operations["change_password_api_v1_organization_auth_password_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tokens
         * @description List one's own tokens, or with `everyone` those of the whole organization.
         */
        get: operations["list_tokens_api_v1_organization_auth_token_get"];
        put?: never;
        /**
         * Create Token
         * @description Make a personal access token for a program; it is shown once.
         */
        post: operations["create_token_api_v1_organization_auth_token_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/auth/token/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Token
         * @description End a token at once.
         */
        delete: operations["revoke_token_api_v1_organization_auth_token__token_id__delete"];
        options?: never;
        head?: never;
        /**
         * Change Token
         * @description Give a token another name; what it may do stays as it was made.
         */
        patch: operations["change_token_api_v1_organization_auth_token__token_id__patch"];
        trace?: never;
    };
    "/api/v1/organization/credential": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Credential
         * @description Make an SSH key pair. The private half never leaves; the token that uses it is shown once.
         */
        post: operations["create_credential_api_v1_organization_credential_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/credential/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Credentials
         * @description List one's own key pairs with their last use, or with `everyone` those of the whole organization.
         */
        get: operations["list_credentials_api_v1_organization_credential_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/credential/{credential_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Credential
         * @description End a key pair at once; its private half is deleted, connections made with it are closed.
         */
        delete: operations["revoke_credential_api_v1_organization_credential__credential_id__delete"];
        options?: never;
        head?: never;
        /**
         * Change Credential
         * @description Give a key pair another title.
         */
        patch: operations["change_credential_api_v1_organization_credential__credential_id__patch"];
        trace?: never;
    };
    "/api/v1/organization/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Users
         * @description List the users, by user name; `search` is the beginning of the name.
         */
        get: operations["list_users_api_v1_organization_admin_users_get"];
        put?: never;
        /**
         * Create User
         * @description Add a user; the answer shows the one-time password, once.
         */
        post: operations["create_user_api_v1_organization_admin_users_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/users/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show User
         * @description Show one user, by id or user name.
         */
        get: operations["show_user_api_v1_organization_admin_users__user__get"];
        put?: never;
        post?: never;
        /**
         * Delete User
         * @description Let a user go: sessions and tokens end now, data is deleted or handed over soon after.
         */
        delete: operations["delete_user_api_v1_organization_admin_users__user__delete"];
        options?: never;
        head?: never;
        /**
         * Change User
         * @description Change, disable or enable a user, or give a new one-time password.
         */
        patch: operations["change_user_api_v1_organization_admin_users__user__patch"];
        trace?: never;
    };
    "/api/v1/organization/admin/users/{user}/leaves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Left By User
         * @description Count what a user would leave behind: files, executions that run, tokens, keys.
         */
        get: operations["show_left_by_user_api_v1_organization_admin_users__user__leaves_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Projects
         * @description List the projects: all, or those that the caller administers; or those `closed` that can be reopened.
         */
        get: operations["list_groups"];
        put?: never;
        /**
         * Create Project
         * @description Add a project (a group of users).
         */
        post: operations["create_group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Projects
         * @description List the projects: all, or those that the caller administers; or those `closed` that can be reopened.
         */
        get: operations["list_projects_api_v1_organization_admin_projects_get"];
        put?: never;
        /**
         * Create Project
         * @description Add a project (a group of users).
         */
        post: operations["create_project_api_v1_organization_admin_projects_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/groups/{project}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Project
         * @description Close a project: nobody works in it from now on. After a day its runs are cancelled and its data is removed.
         */
        delete: operations["delete_group"];
        options?: never;
        head?: never;
        /**
         * Change Project
         * @description Change a project.
         */
        patch: operations["change_group"];
        trace?: never;
    };
    "/api/v1/organization/admin/projects/{project}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Project
         * @description Close a project: nobody works in it from now on. After a day its runs are cancelled and its data is removed.
         */
        delete: operations["delete_project_api_v1_organization_admin_projects__project__delete"];
        options?: never;
        head?: never;
        /**
         * Change Project
         * @description Change a project.
         */
        patch: operations["change_project_api_v1_organization_admin_projects__project__patch"];
        trace?: never;
    };
    "/api/v1/organization/admin/groups/{project}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reopen Project
         * @description Open a closed project again as it was, as long as its data is there.
         */
        post: operations["reopen_group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/projects/{project}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reopen Project
         * @description Open a closed project again as it was, as long as its data is there.
         */
        post: operations["reopen_project_api_v1_organization_admin_projects__project__reopen_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/groups/{project}/leaves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Left By Project
         * @description Count what a project would leave behind: files, and executions that run.
         */
        get: operations["show_left_by_group"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/projects/{project}/leaves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Left By Project
         * @description Count what a project would leave behind: files, and executions that run.
         */
        get: operations["show_left_by_project_api_v1_organization_admin_projects__project__leaves_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Roles
         * @description List the organization's own roles by name; the first page begins with the default ones.
         */
        get: operations["list_roles_api_v1_organization_admin_roles_get"];
        put?: never;
        /**
         * Create Role
         * @description Add a role made of actions, never more than its author may hand out.
         */
        post: operations["create_role_api_v1_organization_admin_roles_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/roles/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Role
         * @description Remove a role of the organization's own, also from those who hold it.
         */
        delete: operations["delete_role_api_v1_organization_admin_roles__name__delete"];
        options?: never;
        head?: never;
        /**
         * Change Role
         * @description Change a role of the organization's own.
         */
        patch: operations["change_role_api_v1_organization_admin_roles__name__patch"];
        trace?: never;
    };
    "/api/v1/organization/admin/roles/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Role
         * @description Bring a removed role back as it was, to those of its holders who are still here.
         */
        post: operations["restore_role_api_v1_organization_admin_roles__name__restore_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Assignments
         * @description List who holds which role where.
         */
        get: operations["list_assignments_api_v1_organization_admin_assignments_get"];
        put?: never;
        /**
         * Assign
         * @description Give a user a role, in the organization or in one project.
         */
        post: operations["assign_api_v1_organization_admin_assignments_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/assignments/{assignment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Unassign
         * @description Take a role from a user.
         */
        delete: operations["unassign_api_v1_organization_admin_assignments__assignment_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/organization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Organization
         * @description Show the settings of one's own organization.
         */
        get: operations["show_organization_api_v1_organization_admin_organization_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Organization
         * @description Change one's own organization: its title, and the networks its users may come from.
         */
        patch: operations["change_organization_api_v1_organization_admin_organization_patch"];
        trace?: never;
    };
    "/api/v1/organization/admin/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Clients
         * @description List the programs of the organization, and when each last asked for tokens by itself.
         */
        get: operations["list_clients_api_v1_organization_admin_clients_get"];
        put?: never;
        /**
         * Create Client
         * @description Register a program: with a service account it acts by itself, with redirect addresses for people who sign in.
         */
        post: operations["create_client_api_v1_organization_admin_clients_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/admin/clients/{client_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Client
         * @description End a program and all its sessions at once.
         */
        delete: operations["revoke_client_api_v1_organization_admin_clients__client_id__delete"];
        options?: never;
        head?: never;
        /**
         * Change Client
         * @description Give a program another name, or other addresses that people go back to; sign-ins under way end at the old.
         */
        patch: operations["change_client_api_v1_organization_admin_clients__client_id__patch"];
        trace?: never;
    };
    "/api/v1/organization/audit/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Audit
         * @description List what was done, newest first: all of the organization with audit.read, else what one did oneself.
         */
        get: operations["list_audit_api_v1_organization_audit_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/heroes/admin/organizations/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Organizations
         * @description List the organizations by name, or show the one that is named.
         */
        get: operations["list_organizations_api_v1_heroes_admin_organizations__get"];
        put?: never;
        /**
         * Create Organization
         * @description Order an organization with its first administrator; it is there once its status is CREATE_COMPLETE.
         */
        post: operations["create_organization_api_v1_heroes_admin_organizations__post"];
        /**
         * Delete Organization
         * @description Close an organization at once; all of it is removed soon after, and then it is NOT_FOUND.
         *
         *     With `dry_run` nothing is done, and `removes` tells how many rows of which table would go.
         */
        delete: operations["delete_organization_api_v1_heroes_admin_organizations__delete"];
        options?: never;
        head?: never;
        /**
         * Change Organization
         * @description Give an organization another title, or disable it: nobody of it signs in, what runs goes on; or enable it.
         */
        patch: operations["change_organization_api_v1_heroes_admin_organizations__patch"];
        trace?: never;
    };
    "/api/v1/organization/data/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Buckets
         * @description Return the buckets you may see: your own, those of your projects and of your organization, and shared ones.
         */
        get: operations["list_buckets_api_v1_organization_data_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/bucket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Bucket
         * @description Make a bucket of a project, or of the whole organization.
         */
        post: operations["create_bucket_api_v1_organization_data_bucket_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/bucket/{bucket}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Bucket
         * @description Return one bucket; `home` is your own.
         */
        get: operations["show_bucket_api_v1_organization_data_bucket__bucket__get"];
        put?: never;
        post?: never;
        /**
         * Drop Bucket
         * @description Remove an empty bucket.
         */
        delete: operations["drop_bucket_api_v1_organization_data_bucket__bucket__delete"];
        options?: never;
        head?: never;
        /**
         * Set Quota
         * @description Bound what a bucket may hold.
         */
        patch: operations["set_quota_api_v1_organization_data_bucket__bucket__patch"];
        trace?: never;
    };
    "/api/v1/organization/data/bucket/{bucket}/share": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Shares
         * @description Return whom a bucket is open to.
         */
        get: operations["list_shares_api_v1_organization_data_bucket__bucket__share_get"];
        /**
         * Share Bucket
         * @description Open a bucket to a user, a project, or everybody in your organization.
         */
        put: operations["share_bucket_api_v1_organization_data_bucket__bucket__share_put"];
        post?: never;
        /**
         * Unshare Bucket
         * @description Close a bucket again.
         */
        delete: operations["unshare_bucket_api_v1_organization_data_bucket__bucket__share_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/bucket/{bucket}/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Objects
         * @description Return what a bucket holds, in the order of names.
         */
        get: operations["list_objects_api_v1_organization_data_bucket__bucket__list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/object": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Object
         * @description Return one file or folder.
         */
        get: operations["show_object_api_v1_organization_data_object_get"];
        put?: never;
        post?: never;
        /**
         * Delete Object
         * @description Delete a file with its versions, or a folder with all below. 202 while a large folder is still going.
         */
        delete: operations["delete_object_api_v1_organization_data_object_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/checksum": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Checksum
         * @description Return the checksum of a file's content.
         */
        get: operations["show_checksum_api_v1_organization_data_checksum_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/folder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make Folder
         * @description Make a folder and those above it; one that exists stays as it is.
         */
        post: operations["make_folder_api_v1_organization_data_folder_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move
         * @description Rename or move a file or folder, also to another bucket. 202 while a large folder is still on its way.
         */
        post: operations["move_api_v1_organization_data_move_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/size": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Size
         * @description Return how much a file or folder holds with all versions: what deleting it would remove.
         */
        get: operations["show_size_api_v1_organization_data_size_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Versions
         * @description Return the versions of a file, the newest first.
         */
        get: operations["list_versions_api_v1_organization_data_versions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore
         * @description Make an old version current again, as a new version.
         */
        post: operations["restore_api_v1_organization_data_restore_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/bucket/{bucket}/object/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Object
         * @description Store the body under a name. Cut in the middle or with a wrong checksum, no object appears.
         */
        put: operations["put_object_api_v1_organization_data_bucket__bucket__object__path__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload
         * @description Store a file sent as a form: `bucket`, `path`, `file`, and optionally `sha256`.
         */
        post: operations["upload_api_v1_organization_data_upload_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download
         * @description Send a file (one range if asked) or a whole folder as zip or tar.
         */
        get: operations["download_api_v1_organization_data_download_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/trash": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Trash
         * @description Return what lies in the trash of one bucket or of all you may see, the newest first.
         */
        get: operations["list_trash_api_v1_organization_data_trash_get"];
        put?: never;
        /**
         * Throw Away
         * @description Put a file or folder into the trash, with all its versions. It can be brought back for 30 days.
         */
        post: operations["throw_away_api_v1_organization_data_trash_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/trash/{trashed}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recover
         * @description Bring it back to where it was, or to another path of its bucket. 202 while a large folder is on its way.
         */
        post: operations["recover_api_v1_organization_data_trash__trashed__restore_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/trash/{trashed}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete For Good
         * @description Delete it for good, now.
         */
        delete: operations["delete_for_good_api_v1_organization_data_trash__trashed__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Uploads
         * @description Return your uploads of the last week, the newest first: also those that wait for their rest.
         */
        get: operations["list_uploads_api_v1_organization_data_uploads_get"];
        put?: never;
        /**
         * Begin Upload
         * @description Announce a file; its bytes are then sent to the answer's Location, in one go or in many.
         */
        post: operations["begin_upload_api_v1_organization_data_uploads_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/data/uploads/{upload}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Upload
         * @description Return how far an upload is.
         */
        get: operations["show_upload_api_v1_organization_data_uploads__upload__get"];
        put?: never;
        post?: never;
        /**
         * End Upload
         * @description Give an upload up; what arrived is forgotten. One that is done loses only its entry here.
         */
        delete: operations["end_upload_api_v1_organization_data_uploads__upload__delete"];
        options?: never;
        /**
         * Where Upload
         * @description Say in the headers from where on bytes are missing.
         */
        head: operations["where_upload_api_v1_organization_data_uploads__upload__head"];
        /**
         * Send Upload
         * @description Send the bytes from an offset on. What arrived before a cut is kept; ask with HEAD from where to go on.
         */
        patch: operations["send_upload_api_v1_organization_data_uploads__upload__patch"];
        trace?: never;
    };
    "/api/v1/organization/data/existing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Existing
         * @description Return which of these names are taken already: what an upload of many files would replace.
         */
        post: operations["existing_api_v1_organization_data_existing_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/operations/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Operations
         * @description Return your own moves and deletes, the newest first; `unfinished`: under way, or failed within a day.
         */
        get: operations["list_operations_api_v1_organization_operations_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/operations/{operation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Operation
         * @description Return how far a move or delete is.
         */
        get: operations["show_operation_api_v1_organization_operations__operation_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Workflows
         * @description Return the workflows you may see: your organization's and those shared with you; or those `withdrawn`.
         */
        get: operations["list_workflows_api_v1_organization_workflow_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Format
         * @description Return the JSON Schema of `workflow.yaml`, for editors.
         */
        get: operations["show_format_api_v1_organization_workflow_schema_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish Workflow
         * @description Publish a folder as the next version of the workflow that it names: JSON with texts, or a tar of the folder.
         */
        post: operations["publish_workflow_api_v1_organization_workflow_template_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/template/{wtid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Workflow
         * @description Return a workflow: versions, parameters, readme, steps; in its newest version, or in the one asked for.
         */
        get: operations["show_workflow_api_v1_organization_workflow_template__wtid__get"];
        put?: never;
        post?: never;
        /**
         * Withdraw Workflow
         * @description Take a workflow off the list; what runs goes on. `restore` and publishing it again bring it back.
         */
        delete: operations["withdraw_workflow_api_v1_organization_workflow_template__wtid__delete"];
        options?: never;
        head?: never;
        /**
         * Change Visibility
         * @description Open a workflow to your whole organization, or restrict it to publishers and those it is shared with.
         */
        patch: operations["change_visibility_api_v1_organization_workflow_template__wtid__patch"];
        trace?: never;
    };
    "/api/v1/organization/workflow/template/{wtid}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Validate Parameters
         * @description Return the parameters with defaults filled in and every problem they have; starts nothing.
         */
        post: operations["validate_parameters_api_v1_organization_workflow_template__wtid__validate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/template/{wtid}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Workflow
         * @description Put a withdrawn workflow back on the list, as it was.
         */
        post: operations["restore_workflow_api_v1_organization_workflow_template__wtid__restore_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/template/{wtid}/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Shares
         * @description Return to whom the workflow is open beyond its visibility.
         */
        get: operations["list_shares_api_v1_organization_workflow_template__wtid__shares_get"];
        put?: never;
        /**
         * Share Workflow
         * @description Let somebody else see and run the workflow.
         */
        post: operations["share_workflow_api_v1_organization_workflow_template__wtid__shares_post"];
        /**
         * Unshare Workflow
         * @description Close the workflow to one grantee; without `kind`, to all.
         */
        delete: operations["unshare_workflow_api_v1_organization_workflow_template__wtid__shares_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Clusters
         * @description Return the clusters you may use: your organization's and those shared with it.
         */
        get: operations["list_clusters_api_v1_organization_cluster_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enrol Cluster
         * @description Enrol a centre: SSH alone suffices. It is checked as soon as its host key is known and approved.
         */
        post: operations["enrol_cluster_api_v1_organization_cluster_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Cluster
         * @description Return one cluster.
         */
        get: operations["show_cluster_api_v1_organization_cluster__cluster__get"];
        put?: never;
        post?: never;
        /**
         * Remove Cluster
         * @description Forget a cluster, its accounts and their secrets.
         */
        delete: operations["remove_cluster_api_v1_organization_cluster__cluster__delete"];
        options?: never;
        head?: never;
        /**
         * Change Cluster
         * @description Change description, address or job folder policy.
         */
        patch: operations["change_cluster_api_v1_organization_cluster__cluster__patch"];
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause Cluster
         * @description Take no new job; what runs is followed to its end.
         */
        post: operations["pause_cluster_api_v1_organization_cluster__cluster__pause_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume Cluster
         * @description Take new jobs again.
         */
        post: operations["resume_cluster_api_v1_organization_cluster__cluster__resume_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}/host-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve Host Key
         * @description Approve the host key that the cluster shows, by the fingerprint that you compared.
         */
        post: operations["approve_host_key_api_v1_organization_cluster__cluster__host_key_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Queues
         * @description Return the cluster's queues with their limits and how full they were when last seen.
         */
        get: operations["list_queues_api_v1_organization_cluster__cluster__queues_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}/sightings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sightings
         * @description Return how full the cluster's queues were, newest first.
         */
        get: operations["list_sightings_api_v1_organization_cluster__cluster__sightings_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Lines
         * @description Return the accounts you may use on the cluster, and what is known of their connections.
         */
        get: operations["list_lines_api_v1_organization_cluster__cluster__lines_get"];
        put?: never;
        /**
         * Add Line
         * @description Give your organization an account of its own on a cluster it may use.
         */
        post: operations["add_line_api_v1_organization_cluster__cluster__lines_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}/lines/{line}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove Line
         * @description Forget an account of your organization and its secret.
         */
        delete: operations["remove_line_api_v1_organization_cluster__cluster__lines__line__delete"];
        options?: never;
        head?: never;
        /**
         * Change Line
         * @description Change an account of your organization: its user name, what is charged, or how it signs in.
         */
        patch: operations["change_line_api_v1_organization_cluster__cluster__lines__line__patch"];
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check Cluster
         * @description Start a compliance check; read it at `report`.
         */
        post: operations["check_cluster_api_v1_organization_cluster__cluster__check_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}/concerned": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Concerned
         * @description Tell how many jobs of how many organizations a change of the cluster concerns now.
         */
        get: operations["show_concerned_api_v1_organization_cluster__cluster__concerned_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Report
         * @description Return the newest compliance report, or the one with this id.
         */
        get: operations["show_report_api_v1_organization_cluster__cluster__report_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/cluster/{cluster}/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Shares
         * @description Return to whom the cluster is open.
         */
        get: operations["list_shares_api_v1_organization_cluster__cluster__shares_get"];
        put?: never;
        /**
         * Share Cluster
         * @description Open the cluster to an organization, with the account too if both sides agreed in writing.
         */
        post: operations["share_cluster_api_v1_organization_cluster__cluster__shares_post"];
        /**
         * Unshare Cluster
         * @description Close the cluster to an organization; without one, to all that had it together.
         */
        delete: operations["unshare_cluster_api_v1_organization_cluster__cluster__shares_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/tariff/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tariffs
         * @description Return the prices of the clusters you may use, also past and coming ones.
         */
        get: operations["list_tariffs_api_v1_organization_tariff_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/tariff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Tariff
         * @description Price a cluster of yours, or one of its queues, from now or a later time on.
         */
        post: operations["create_tariff_api_v1_organization_tariff_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/tariff/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview Price
         * @description Return the most that such jobs would cost at today's tariff, item by item; nothing is reserved.
         */
        post: operations["preview_price_api_v1_organization_tariff_preview_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/tariff/effect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview Tariff
         * @description Return what a new price would have changed for runs of the last 30 days; nothing is stored.
         */
        post: operations["preview_tariff_api_v1_organization_tariff_effect_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/tariff/{tariff}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Tariff
         * @description Return one tariff.
         */
        get: operations["show_tariff_api_v1_organization_tariff__tariff__get"];
        put?: never;
        post?: never;
        /**
         * End Tariff
         * @description End a tariff now. It stays in the history: jobs that started under it keep its price.
         */
        delete: operations["end_tariff_api_v1_organization_tariff__tariff__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/budget/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Budgets
         * @description Return the budgets you manage or draw from, with what is left, reserved and spent in the present period.
         */
        get: operations["list_budgets_api_v1_organization_budget_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/budget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Budget
         * @description Give the organization, a project or a user money to spend, once or in every period.
         */
        post: operations["create_budget_api_v1_organization_budget_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/budget/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Ledger
         * @description Return the bookings, newest first: all for those who keep the books, else your own.
         */
        get: operations["list_ledger_api_v1_organization_budget_ledger_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/budget/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Usage
         * @description Return what was used and charged, added up: all for those who keep the books, else your own.
         */
        get: operations["list_usage_api_v1_organization_budget_usage_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/budget/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Items
         * @description Return what was charged for each item of the prices: of all for those who keep the books, else your own.
         */
        get: operations["list_items_api_v1_organization_budget_items_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/budget/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Storage
         * @description Return what each bucket held, was charged and owes: all for those who keep the books, else your own.
         */
        get: operations["list_storage_api_v1_organization_budget_storage_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/budget/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Statement
         * @description Return a month's bookings, added up by project, user and kind; a closed month never changes.
         */
        get: operations["show_statement_api_v1_organization_budget_statement_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/budget/statement.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Statement
         * @description Return a month's statement as comma-separated values.
         */
        get: operations["export_statement_api_v1_organization_budget_statement_csv_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/budget/reservation/{execution}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reserve More
         * @description Reserve more for an execution whose jobs wait for money.
         */
        post: operations["reserve_more_api_v1_organization_budget_reservation__execution__post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/budget/{budget}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Budget
         * @description Return one budget.
         */
        get: operations["show_budget_api_v1_organization_budget__budget__get"];
        put?: never;
        post?: never;
        /**
         * Close Budget
         * @description Close a budget: nothing more is reserved from it; what is reserved is still paid.
         */
        delete: operations["close_budget_api_v1_organization_budget__budget__delete"];
        options?: never;
        head?: never;
        /**
         * Change Budget
         * @description Change a budget, also in its present period; never below what is spent and reserved.
         */
        patch: operations["change_budget_api_v1_organization_budget__budget__patch"];
        trace?: never;
    };
    "/api/v1/organization/decision/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Decisions
         * @description List decisions, newest first.
         */
        get: operations["list_decisions_api_v1_organization_decision_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/decision/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Policy
         * @description Show how your organization ranks clusters where a run says nothing else, and which it leaves out.
         */
        get: operations["show_policy_api_v1_organization_decision_policy_get"];
        /**
         * Change Policy
         * @description Set how clusters are ranked for your organization, and which are left out. What was placed before stays.
         */
        put: operations["change_policy_api_v1_organization_decision_policy_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/decision/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report Predictions
         * @description Judge predictions by what really happened: error, coverage and bias, by workflow, cluster, user and model.
         */
        get: operations["report_predictions_api_v1_organization_decision_report_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/decision/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Ended Jobs
         * @description List the jobs that predictions are made from, as a log tells of them, oldest first: those that you may read.
         */
        get: operations["list_ended_jobs_api_v1_organization_decision_history_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/decision/{decision_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Decision
         * @description Show one decision: the candidates with their predictions, the choice, and what really happened.
         */
        get: operations["get_decision_api_v1_organization_decision__decision_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide
         * @description Rank the clusters for a workflow with these parameters; nothing is started.
         */
        post: operations["decide_api_v1_organization_decision_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit
         * @description Reserve the budget and start an execution.
         */
        post: operations["submit_api_v1_organization_workflow_submit_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Executions
         * @description List executions, newest first.
         */
        get: operations["list_executions_api_v1_organization_workflow_executions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/running": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Running
         * @description List executions that have not ended.
         */
        get: operations["list_running_api_v1_organization_workflow_running_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Execution
         * @description Show one execution with its steps.
         */
        get: operations["show_execution_api_v1_organization_workflow__wid__get"];
        put?: never;
        post?: never;
        /**
         * Cancel Execution
         * @description Cancel an execution; each site's own word ends its jobs.
         */
        delete: operations["cancel_execution_api_v1_organization_workflow__wid__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Choose Notices
         * @description Choose how you hear of the end of a run of your own, while it goes on.
         */
        put: operations["choose_notices_api_v1_organization_workflow__wid__notices_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restart Execution
         * @description Run an ended execution again: what failed, or `from` a step on. What finished is kept, the budget held anew.
         */
        post: operations["restart_execution_api_v1_organization_workflow__wid__restart_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Attempts
         * @description List every start of every job, also of those before a restart: where, what it asked for, how it ended.
         */
        get: operations["list_attempts_api_v1_organization_workflow__wid__attempts_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Jobs
         * @description List the jobs of an execution, what each is doing and how fresh that is.
         */
        get: operations["list_jobs_api_v1_organization_workflow__wid__jobs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Usage
         * @description List what the jobs of an execution used over time, at most 20 jobs in one answer, also after their end.
         */
        get: operations["list_usage_api_v1_organization_workflow__wid__usage_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Results
         * @description List the declared results with their checksums; the bytes are objects of the user's bucket.
         */
        get: operations["list_results_api_v1_organization_workflow__wid__results_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/cost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Cost
         * @description Show the energy an execution used, and to who began it or keeps the books what it was charged, line by line.
         */
        get: operations["show_cost_api_v1_organization_workflow__wid__cost_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/draft/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Drafts
         * @description List the runs that you have not finished asking for; nobody else sees them. By id, the last first.
         */
        get: operations["list_drafts_api_v1_organization_draft_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/draft/{draft}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Draft
         * @description Show one of your drafts.
         */
        get: operations["show_draft_api_v1_organization_draft__draft__get"];
        /**
         * Keep Draft
         * @description Keep a draft under an id of your own choice; what was there is replaced. Nothing is checked but its workflow.
         */
        put: operations["keep_draft_api_v1_organization_draft__draft__put"];
        post?: never;
        /**
         * Drop Draft
         * @description Remove one of your drafts.
         */
        delete: operations["drop_draft_api_v1_organization_draft__draft__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Log
         * @description Read what a job printed, also while it runs: at most 64 KiB from `offset` on.
         */
        get: operations["show_log_api_v1_organization_workflow__wid__logs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/logs/{stream}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Log
         * @description Read one stream of a job by offset, or follow it as Server-Sent Events until the job has ended.
         *
         *     Each message is a piece; its id says where the next one begins, so that a reader comes back with `Last-Event-ID`.
         */
        get: operations["follow_log_api_v1_organization_workflow__wid__logs__stream__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/logs/{stream}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Log Lines
         * @description Show numbered lines of what a job printed, from anywhere; the newest where nothing else is said.
         */
        get: operations["list_log_lines_api_v1_organization_workflow__wid__logs__stream__lines_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/logs/{stream}/matches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find In Log
         * @description Find a text in all that a job printed so far.
         */
        get: operations["find_in_log_api_v1_organization_workflow__wid__logs__stream__matches_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/logs/{stream}/text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download Log
         * @description Download all that a job printed so far, as one file.
         */
        get: operations["download_log_api_v1_organization_workflow__wid__logs__stream__text_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Organization
         * @description Stream what happens in the organization, as far as you may see it, from now on.
         *
         *     Each message is a CloudEvent under its number. A reader that comes back with `Last-Event-ID` gets what it missed in
         *     the last seven days; a message of the type `gap` tells that there was more.
         */
        get: operations["follow_organization_api_v1_organization_events_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/workflow/{wid}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Execution
         * @description Stream what happened to an execution, its steps and jobs, and what happens until it has ended.
         */
        get: operations["follow_execution_api_v1_organization_workflow__wid__events_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/notice/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Notices
         * @description List the mails about budgets, the newest first, and what became of each.
         */
        get: operations["list_notices_api_v1_organization_notice_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/notice/wish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Notice Wish
         * @description Show what you want to be written to about; nothing, until you say so.
         */
        get: operations["show_notice_wish_api_v1_organization_notice_wish_get"];
        /**
         * Change Notice Wish
         * @description Say what you want to be written to about.
         */
        put: operations["change_notice_wish_api_v1_organization_notice_wish_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/notice/cluster/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Awaited Clusters
         * @description List the clusters that you wait for, and those of the last 30 days that you were told are back.
         */
        get: operations["list_awaited_clusters_api_v1_organization_notice_cluster_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/notice/cluster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Await Cluster
         * @description Be told once when a cluster takes jobs again, for 30 days at most; the same one again begins them anew.
         *
         *     The notice comes as those of the end of your runs do.
         */
        post: operations["await_cluster_api_v1_organization_notice_cluster_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/notice/cluster/{awaited}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw Awaited Cluster
         * @description Do not wait for a cluster any more, or forget that it came back.
         */
        delete: operations["withdraw_awaited_cluster_api_v1_organization_notice_cluster__awaited__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/notice/browser/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Push Key
         * @description Show the key that a browser is to know this platform by when it asks its push service for an address.
         */
        get: operations["show_push_key_api_v1_organization_notice_browser_key_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/notice/browser/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Browsers
         * @description List your browsers that take notices while no page is open.
         */
        get: operations["list_browsers_api_v1_organization_notice_browser_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/notice/browser": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add Browser
         * @description Let a browser of yours take notices; the same one again only brings its newest keys.
         */
        post: operations["add_browser_api_v1_organization_notice_browser_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/notice/browser/{browser}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Forget Browser
         * @description Send a browser no more notices.
         */
        delete: operations["forget_browser_api_v1_organization_notice_browser__browser__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/notice/browser/{browser}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try Browser
         * @description Send a browser a notice, to see whether it arrives; the list then tells when it did, or why not.
         */
        post: operations["try_browser_api_v1_organization_notice_browser__browser__test_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/webhook/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Webhooks
         * @description List the webhooks and how each is doing.
         */
        get: operations["list_webhooks_api_v1_organization_webhook_list_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Webhook
         * @description Make a webhook. The answer shows its secret, once.
         */
        post: operations["create_webhook_api_v1_organization_webhook_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/webhook/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Webhook
         * @description Show one webhook.
         */
        get: operations["show_webhook_api_v1_organization_webhook__webhook__get"];
        put?: never;
        post?: never;
        /**
         * Delete Webhook
         * @description Remove a webhook and its dead letters.
         */
        delete: operations["delete_webhook_api_v1_organization_webhook__webhook__delete"];
        options?: never;
        head?: never;
        /**
         * Change Webhook
         * @description Change a webhook, switch it off, or on again; then it goes on where it stopped.
         */
        patch: operations["change_webhook_api_v1_organization_webhook__webhook__patch"];
        trace?: never;
    };
    "/api/v1/organization/webhook/{webhook}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Secret
         * @description Give a webhook a new secret, shown once. For a day the former one signs too, so that no delivery is refused.
         */
        post: operations["change_secret_api_v1_organization_webhook__webhook__secret_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/webhook/{webhook}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test Webhook
         * @description Make an event for this webhook alone; it comes in its turn, and the webhook then tells whether it arrived.
         */
        post: operations["test_webhook_api_v1_organization_webhook__webhook__test_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/webhook/{webhook}/dead": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Dead Letters
         * @description List what could not be delivered.
         */
        get: operations["list_dead_letters_api_v1_organization_webhook__webhook__dead_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/webhook/{webhook}/dead/{letter}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resend Dead Letter
         * @description Send a dead letter again; it goes when it arrives.
         */
        post: operations["resend_dead_letter_api_v1_organization_webhook__webhook__dead__letter__resend_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/insights/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Judged Decisions
         * @description Return what was predicted for the chosen clusters beside what happened, newest first.
         */
        get: operations["list_judged_decisions_api_v1_organization_insights_decisions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/insights/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Usual Figures
         * @description Return what runs of each workflow usually take, as the last ones that you may see did; by workflow.
         */
        get: operations["list_usual_figures_api_v1_organization_insights_workflows_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/insights/cluster/{cluster}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show How Jobs Fared
         * @description Tell how long jobs waited in a cluster's queues, and how many failed of which cause, day by day.
         *
         *     Whoever manages the cluster is told of all who use it, in figures only; others of their own organization's jobs.
         */
        get: operations["show_how_jobs_fared_api_v1_organization_insights_cluster__cluster__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/insights/cluster/{cluster}/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Failures Of Cluster
         * @description List the starts of jobs that failed on a cluster, newest first, of the executions that you may see.
         */
        get: operations["list_failures_of_cluster_api_v1_organization_insights_cluster__cluster__failures_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/insights/names": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Names
         * @description Tell what these ids are called now, as far as you may see what they name; those of what is gone are left out.
         */
        get: operations["list_names_api_v1_organization_insights_names_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/heroes/admin/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Troubles
         * @description Return the last warnings and errors of the platform's parts, the newest first; older ones were overwritten.
         */
        get: operations["list_troubles_api_v1_heroes_admin_logs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/heroes/admin/logs/text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download Troubles
         * @description Give the same as a file of plain lines, the newest first: all of it, at most 4 MiB.
         */
        get: operations["download_troubles_api_v1_heroes_admin_logs_text_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/heroes/admin/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Health
         * @description Return whether each part of the platform works, and how much room is left.
         */
        get: operations["show_health_api_v1_heroes_admin_health_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/heroes/admin/work": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Work
         * @description Return what waits, is under way and fails, table by table.
         */
        get: operations["list_work_api_v1_heroes_admin_work_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/heroes/admin/work/{table}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Work Rows
         * @description Return the rows of a table that wait, or only those that fail, with what went wrong last.
         */
        get: operations["list_work_rows_api_v1_heroes_admin_work__table__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/heroes/admin/work/{table}/{row}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry Work
         * @description Try a failing row again now instead of at its next time.
         */
        post: operations["retry_work_api_v1_heroes_admin_work__table___row__retry_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/heroes/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Services
         * @description Say whether all services of the platform are up, in one sentence; ask it once a minute, not more often.
         */
        get: operations["show_services_api_v1_heroes_services_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AccountIn
         * @description An account at a site.
         * @example {
         *       "account": "heroes01",
         *       "auth": {
         *         "method": "generated"
         *       },
         *       "batch_account": "wing"
         *     }
         */
        AccountIn: {
            /**
             * Account
             * @description user name at the site
             * @example heroes01
             */
            account: string;
            /**
             * Batch Account
             * @description the project that the scheduler charges
             */
            batch_account?: string | null;
            /**
             * @default {
             *       "method": "generated"
             *     }
             */
            auth: components["schemas"]["AuthIn"];
        };
        /**
         * AccountPatch
         * @description What becomes another of an account at a site; what is left out stays.
         * @example {
         *       "batch_account": "wing"
         *     }
         */
        AccountPatch: {
            /**
             * Account
             * @description user name at the site; refused while jobs run under it
             */
            account?: string | null;
            /**
             * Batch Account
             * @description the project that the scheduler charges from now on; empty: none
             */
            batch_account?: string | null;
            auth?: components["schemas"]["AuthIn"] | null;
        };
        /**
         * Accuracy
         * @description How good predictions of one quantity were; null = nothing to judge by.
         */
        Accuracy: {
            /**
             * Jobs
             * @description predicted and measured
             */
            jobs: number;
            /**
             * Accuracy
             * @description mean of the smaller over the larger of predicted and real
             */
            accuracy: number | null;
            /**
             * Promised
             * @description the accuracy that was promised for them
             */
            promised: number | null;
            /**
             * Error
             * @description mean absolute error, in the quantity's unit
             */
            error: number | null;
            /**
             * Bias
             * @description predicted over real, the middle one; above 1 = predicted too high
             */
            bias: number | null;
            /**
             * Held80
             * @description share that ended within the 80 % interval
             */
            held80: number | null;
            /**
             * Held90
             * @description share that ended within the 90 % interval
             */
            held90: number | null;
        };
        /**
         * Action
         * @description Everything that can be allowed. What is not allowed is denied.
         * @enum {string}
         */
        Action: "organization.manage" | "user.read" | "user.manage" | "role.manage" | "project.manage" | "audit.read" | "token.manage" | "data.read" | "data.write" | "data.share" | "data.manage" | "workflow.read" | "workflow.run" | "workflow.publish" | "execution.read" | "execution.cancel" | "execution.read_all" | "execution.cancel_all" | "application.package" | "application.publish" | "cluster.read" | "cluster.manage" | "cluster.publish" | "cost.read" | "budget.manage" | "tariff.manage" | "ledger.read" | "platform.operate";
        /**
         * ApiIn
         * @description A site that is reached by HTTP in place of SSH: by UNICORE, or by FirecREST if that is the kind.
         *
         *     The account is a client of the token service, its password the client's secret; without `token_url` (UNICORE) they
         *     are a user and a password.
         * @example {
         *       "system": "delta",
         *       "token_url": "https://auth.delta.example/realms/users/protocol/openid-connect/token",
         *       "url": "https://api.delta.example/hpc/firecrest/v2"
         *     }
         */
        ApiIn: {
            /**
             * Url
             * @description of UNICORE: https://host:port/SITE/rest/core
             */
            url: string;
            /** System */
            system?: string | null;
            /** Token Url */
            token_url?: string | null;
        };
        /**
         * AssignmentIn
         * @example {
         *       "project": "wing",
         *       "role": "engineer",
         *       "user": "lea"
         *     }
         */
        AssignmentIn: {
            /**
             * User
             * @description id or user name
             */
            user: string;
            /** Role */
            role: string;
            /**
             * Project
             * @description id or name; none: in the whole organization
             */
            project?: string | null;
        };
        /** AssignmentOut */
        AssignmentOut: {
            /** Id */
            id: string;
            /** User Id */
            user_id: string;
            /** Role */
            role: string;
            /** Project Id */
            project_id: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * AtLimit
         * @description What happens when so much of a budget is spent as its owner set as the limit; each includes the one before.
         * @enum {string}
         */
        AtLimit: "warn" | "stop_new" | "cancel_running";
        /**
         * AttemptOut
         * @description One start of a job: where, what it asked for, how it ended and why.
         */
        AttemptOut: {
            /** Id */
            id: string;
            /** Job */
            job: string;
            /** Step */
            step: string;
            /** Index */
            index: number;
            /** Number */
            number: number;
            /** Cluster */
            cluster: string;
            /** Queue */
            queue: string | null;
            /** Site Id */
            site_id: string | null;
            /**
             * Asked
             * @description cores, nodes, tasks, memory_bytes (a node), gpus, walltime_s
             */
            asked: {
                [key: string]: unknown;
            };
            /** Started At */
            started_at: string | null;
            /** Ended At */
            ended_at: string | null;
            /** End */
            end: string;
            /** Cause */
            cause: string | null;
            /** Code */
            code: string;
            /** Text */
            text: string;
            /** Exit Code */
            exit_code: number | null;
            /** Usage */
            usage: {
                [key: string]: unknown;
            };
        };
        /**
         * AuditOut
         * @description One recorded action; ids, never names.
         */
        AuditOut: {
            /** Id */
            id: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Actor Id */
            actor_id: string | null;
            /** Action */
            action: string;
            /** Object Type */
            object_type: string | null;
            /** Object Id */
            object_id: string | null;
            /** Facts */
            facts: {
                [key: string]: unknown;
            };
            /** Sealed */
            sealed: boolean;
        };
        /**
         * AuthIn
         * @description How the account proves itself: a key of yours, a key pair made here (its public half is returned), a password.
         */
        AuthIn: {
            /**
             * Method
             * @default generated
             * @enum {string}
             */
            method: "key" | "generated" | "password" | "credential" | "signed";
            /** Private Key */
            private_key?: string | null;
            /** Passphrase */
            passphrase?: string | null;
            /**
             * Certificate
             * @description content of the …-cert.pub file
             */
            certificate?: string | null;
            /** Password */
            password?: string | null;
            /**
             * Credential
             * @description token of a key pair made before
             */
            credential?: string | null;
        };
        /**
         * AwaitedIn
         * @description A cluster that you want to be told of when it takes jobs again.
         * @example {
         *       "cluster": "alpha"
         *     }
         */
        AwaitedIn: {
            /**
             * Cluster
             * @description name or id
             */
            cluster: string;
            /**
             * Queue
             * @description one queue of it; left out: any
             */
            queue?: string | null;
        };
        /**
         * AwaitedOut
         * @description A cluster that you wait for (`told_at` null), or were told of; it is forgotten at `ends_at`.
         */
        AwaitedOut: {
            /** Id */
            id: string;
            /** Cluster */
            cluster: string;
            /** Queue */
            queue: string | null;
            /**
             * Asked At
             * Format: date-time
             */
            asked_at: string;
            /**
             * Told At
             * @description when it was back, and you were told
             */
            told_at: string | null;
            /**
             * Ends At
             * Format: date-time
             */
            ends_at: string;
        };
        /**
         * BrowserIn
         * @description A browser that takes notices, as its `PushManager.subscribe` tells it.
         * @example {
         *       "auth": "BTBZMqHH6r4Tts7J_aSIgg",
         *       "endpoint": "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
         *       "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
         *       "title": "Firefox on Linux"
         *     }
         */
        BrowserIn: {
            /** Endpoint */
            endpoint: string;
            /**
             * P256Dh
             * @description the browser's public key
             */
            p256dh: string;
            /**
             * Auth
             * @description the browser's secret, never shown again
             */
            auth: string;
            /**
             * Title
             * @description what you know it by
             * @default
             */
            title: string;
        };
        /**
         * BrowserOut
         * @description A browser of yours that takes notices; `trouble` is why the last one did not get there.
         */
        BrowserOut: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            /**
             * Service
             * @description the host that brings notices to this browser
             */
            service: string;
            /**
             * Mark
             * @description SHA-256 of its address there, by which a browser knows itself
             */
            mark: string;
            /** Trouble */
            trouble: string | null;
            trouble_why?: components["schemas"]["Why"] | null;
            /** Delivered At */
            delivered_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * BucketIn
         * @description A new bucket of a project, or without one of the whole organization.
         * @example {
         *       "name": "shared-meshes",
         *       "project": "wing",
         *       "quota_bytes": 10000000000
         *     }
         */
        BucketIn: {
            /** Name */
            name: string;
            /** Project */
            project?: string | null;
            /** Quota Bytes */
            quota_bytes?: number | null;
        };
        /**
         * BucketKind
         * @enum {string}
         */
        BucketKind: "user" | "project" | "organization" | "inherited" | "trash";
        /**
         * BucketOut
         * @description A bucket. `owner` names its user, project or organization.
         * @example {
         *       "creation_date": "2026-03-01T09:00:00+00:00",
         *       "home": true,
         *       "kind": "user",
         *       "name": "lea",
         *       "owner": "lea",
         *       "used_bytes": 5120
         *     }
         */
        BucketOut: {
            /** Name */
            name: string;
            /**
             * Creation Date
             * Format: date-time
             */
            creation_date: string;
            /** Owner */
            owner: string;
            kind: components["schemas"]["BucketKind"];
            /** Project */
            project: string | null;
            /**
             * Home
             * @description Whether `home:` means this bucket.
             */
            home: boolean;
            /** Quota Bytes */
            quota_bytes: number | null;
            /**
             * Used Bytes
             * @description All versions of all files.
             */
            used_bytes: number;
            /**
             * Closed
             * @description Why nothing can be uploaded now, and what helps.
             */
            closed?: string | null;
        };
        /**
         * BudgetChangeIn
         * @example {
         *       "amount": "150.00"
         *     }
         */
        BudgetChangeIn: {
            /** Amount */
            amount?: number | string | null;
            /** Ends At */
            ends_at?: string | null;
            /** Thresholds */
            thresholds?: number[] | null;
            at_limit?: components["schemas"]["AtLimit"] | null;
            /** Limit Percent */
            limit_percent?: number | null;
            /** Title */
            title?: string | null;
            /**
             * Closed
             * @description false reopens a closed budget
             */
            closed?: false | null;
        };
        /**
         * BudgetIn
         * @example {
         *       "amount": "100.00",
         *       "kind": "project",
         *       "period": "month",
         *       "project": "wing"
         *     }
         */
        BudgetIn: {
            kind: components["schemas"]["BudgetKind"];
            /**
             * Project
             * @description id or name; for a project's budget
             */
            project?: string | null;
            /**
             * User
             * @description id or name; for a user's budget
             */
            user?: string | null;
            /** Amount */
            amount: number | string;
            /**
             * Currency
             * @description ISO 4217
             * @default EUR
             * @example EUR
             */
            currency: string;
            /** @default once */
            period: components["schemas"]["Span"];
            /** Starts At */
            starts_at?: string | null;
            /** Ends At */
            ends_at?: string | null;
            /**
             * Thresholds
             * @description percent; told once each
             * @default [
             *       80,
             *       100
             *     ]
             */
            thresholds: number[];
            /**
             * @description at the limit: only warn, let nothing new begin, or also cancel what runs on this budget
             * @default warn
             */
            at_limit: components["schemas"]["AtLimit"];
            /**
             * Limit Percent
             * @description the limit: so much of the amount is spent
             * @default 100
             */
            limit_percent: number;
            /**
             * Title
             * @default
             */
            title: string;
        };
        /**
         * BudgetKind
         * @enum {string}
         */
        BudgetKind: "organization" | "project" | "user";
        /**
         * BudgetOut
         * @description A budget with its present period: `amount` = `spent` + `reserved` + `left`.
         */
        BudgetOut: {
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Project */
            project: string | null;
            /** User */
            user: string | null;
            /** Title */
            title: string;
            /** Currency */
            currency: string;
            /** Amount */
            amount: string;
            /** Spent */
            spent: string;
            /** Reserved */
            reserved: string;
            /** Left */
            left: string;
            /** Percent */
            percent: string;
            /** Period */
            period: string;
            /**
             * Period Starts At
             * Format: date-time
             */
            period_starts_at: string;
            /** Period Ends At */
            period_ends_at: string | null;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /** Ends At */
            ends_at: string | null;
            /** Thresholds */
            thresholds: number[];
            at_limit: components["schemas"]["AtLimit"];
            /** Limit Percent */
            limit_percent: number;
            /** Limit Reached */
            limit_reached: boolean;
            /** Closed */
            closed: boolean;
        };
        /**
         * By
         * @description What a sum is made for.
         * @enum {string}
         */
        By: "organization" | "project" | "user" | "execution" | "job" | "day" | "day_cluster" | "day_project" | "project_week" | "user_week";
        /**
         * Candidate
         * @description A queue that can run it: its place in the order, why it stands there, and what is predicted.
         */
        Candidate: {
            /** Rank */
            rank: number;
            /** Cluster */
            cluster: string;
            /** Cluster Id */
            cluster_id: string;
            /** Queue */
            queue: string;
            /** Queue Id */
            queue_id: string;
            /**
             * Score
             * @description higher is better; the sum of `parts`
             */
            score: number;
            /**
             * Parts
             * @description what each criterion adds; `moving` is what bringing data takes away
             */
            parts: {
                [key: string]: number;
            };
            cost: components["schemas"]["Quantity"];
            time: components["schemas"]["Quantity"];
            wait: components["schemas"]["Quantity"];
            /** @description ordering, being seen and collecting; in the time to result, beside wait and run time */
            handling?: components["schemas"]["Quantity"] | null;
            memory: components["schemas"]["Quantity"];
            energy: components["schemas"]["Quantity"];
            /** @description g CO2e of its energy, by place and hour */
            carbon: components["schemas"]["Quantity"];
            /** @description bringing the known inputs there; in the time to result and the cost */
            moving: components["schemas"]["Moving"];
            /** @description what is reserved: it never costs more */
            worst_case: components["schemas"]["Money"];
            /** Free Nodes */
            free_nodes: number;
            /** Pending Jobs */
            pending_jobs: number;
            /**
             * Places
             * @default []
             */
            places: components["schemas"]["Place"][];
            /**
             * Predictions
             * @description of one job of each step
             * @default []
             */
            predictions: components["schemas"]["StepPrediction"][];
            /**
             * Suggestions
             * @default []
             */
            suggestions: components["schemas"]["Suggestion"][];
            /**
             * Over Budget
             * @description chance that it costs more than the budgets still hold
             */
            over_budget?: number | null;
            reliability?: components["schemas"]["Reliability"] | null;
            /** @description the smallest change that would put it first */
            change?: components["schemas"]["Change"] | null;
            /**
             * Explanation
             * @description what is known of it and why it stands here, in plain words
             * @default
             */
            explanation: string;
            /**
             * Shared Account
             * @description a warning where the account serves several
             */
            shared_account?: string | null;
        };
        /**
         * Cause
         * @description Who is to blame for a failure; retries are counted by it.
         * @enum {string}
         */
        Cause: "program" | "infrastructure" | "memory" | "time" | "user";
        /**
         * Change
         * @description The smallest change that would make a candidate first: `factor` times `what`; a weight becomes `value`.
         */
        Change: {
            /** What */
            what: string;
            /** Factor */
            factor?: number | null;
            /** Value */
            value?: number | null;
            /** Text */
            text: string;
        };
        /**
         * CheckIn
         * @description Which account checks, and how many seconds a probe may wait in its queue.
         * @example {
         *       "patience_s": 600
         *     }
         */
        CheckIn: {
            /** Line */
            line?: string | null;
            /**
             * Patience S
             * @default 600
             */
            patience_s: number;
        };
        /**
         * ChecksumOut
         * @description The checksum of a file's content, computed when it arrived.
         */
        ChecksumOut: {
            /** Bucket Name */
            bucket_name: string;
            /** Object Name */
            object_name: string;
            /** Version Id */
            version_id: string;
            /**
             * Algorithm
             * @default sha256
             */
            algorithm: string;
            /** Checksum */
            checksum: string;
            /** Size */
            size: number;
        };
        /**
         * ClientChange
         * @example {
         *       "redirect_uris": [
         *         "https://portal.example/back"
         *       ]
         *     }
         */
        ClientChange: {
            /** Name */
            name?: string | null;
            /** Redirect Uris */
            redirect_uris?: string[] | null;
        };
        /**
         * ClientIn
         * @example {
         *       "actions": [
         *         "workflow.run"
         *       ],
         *       "name": "nightly",
         *       "projects": [
         *         "wing"
         *       ],
         *       "user": "robot"
         *     }
         */
        ClientIn: {
            /** Name */
            name: string;
            /**
             * User
             * @description the service account it acts as by itself
             */
            user?: string | null;
            /**
             * Redirect Uris
             * @description where people go back to who sign in for it
             * @default []
             */
            redirect_uris: string[];
            /**
             * Public
             * @description it cannot keep a secret: a browser or desktop program
             * @default false
             */
            public: boolean;
            /**
             * Actions
             * @description none: whatever its user may
             */
            actions?: components["schemas"]["Action"][] | null;
            /**
             * Projects
             * @description ids or names; none: all of its user's
             */
            projects?: string[] | null;
        };
        /**
         * ClientOut
         * @description A program that asks for tokens by OAuth 2.
         */
        ClientOut: {
            /** Client Id */
            client_id: string;
            /** Name */
            name: string;
            /** User Id */
            user_id: string | null;
            /** Redirect Uris */
            redirect_uris: string[];
            /** Public */
            public: boolean;
            /** Actions */
            actions: string[] | null;
            /** Projects */
            projects: string[] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Last Used At */
            last_used_at: string | null;
        };
        /**
         * ClusterOut
         * @description A cluster.
         */
        ClusterOut: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Title */
            title: string;
            /** Kind */
            kind: string;
            /** State */
            state: string;
            /** Organization Id */
            organization_id: string;
            /** Host */
            host: string | null;
            /** Port */
            port: number | null;
            /** Jump Host */
            jump_host: string | null;
            /** Api */
            api?: {
                [key: string]: unknown;
            } | null;
            /** Host Key */
            host_key: string | null;
            /** Host Key Fingerprint */
            host_key_fingerprint: string | null;
            /** Offered Fingerprint */
            offered_fingerprint: string | null;
            /** Location */
            location: string | null;
            /** Job Root */
            job_root: string;
            /** Folder Mode */
            folder_mode: string;
            /** Purge Days */
            purge_days: number;
            /** Facts */
            facts: {
                [key: string]: unknown;
            };
            /** Verdict */
            verdict: string | null;
            /** Checked At */
            checked_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Account State
             * @description of the account that your runs use there; none: no account
             */
            account_state?: string | null;
        };
        /**
         * Compared
         * @description One prediction and what happened; null where nothing was predicted or measured.
         */
        Compared: {
            /** Predicted */
            predicted: number | null;
            /**
             * Low80
             * @description 8 of 10 like it end between this and `high80`
             */
            low80: number | null;
            /** High80 */
            high80: number | null;
            /** Actual */
            actual: number | null;
        };
        /**
         * ConcernedOut
         * @description Whom a change of a cluster concerns: what waits or runs there now.
         *
         *     Its owner is told of all organizations; others of what uses accounts of their own.
         */
        ConcernedOut: {
            /** Jobs */
            jobs: number;
            /** Organizations */
            organizations: number;
            /** By Line */
            by_line: {
                [key: string]: number;
            };
        };
        /** Configuration */
        Configuration: {
            /** Wtid */
            wtid: string;
            /** Name */
            name: string;
            /** Version */
            version?: string | null;
            /**
             * Parameters
             * @default {}
             */
            parameters: {
                [key: string]: unknown;
            };
            /** Policy */
            policy?: string | null;
            /** Cluster */
            cluster?: string | null;
            /** Project */
            project?: string | null;
        };
        /**
         * CostOut
         * @description What an execution costs: reserved, charged so far, its lines, and the energy it used.
         *
         *     Amounts are null for whoever neither began it nor keeps the books (`ledger.read`); the energy is told to all.
         */
        CostOut: {
            /**
             * Status
             * @description accruing or final
             */
            status: string;
            /** Currency */
            currency: string | null;
            /** Reserved */
            reserved: string | null;
            /** Charged */
            charged: string | null;
            /** Overrun */
            overrun: string | null;
            /**
             * Lines Total
             * @default 0
             */
            lines_total: number;
            /** Lines */
            lines: {
                [key: string]: unknown;
            }[];
            /**
             * Energy J
             * @description the sum where every job was measured
             */
            energy_j: number | null;
            /**
             * Energy At Least J
             * @description the sum where some were, and others were not
             */
            energy_at_least_j?: number | null;
            /** Energy Source */
            energy_source: string | null;
            /** Energy Reason */
            energy_reason: string | null;
            /** @description the same by code, for other languages */
            energy_why?: components["schemas"]["Why"] | null;
        };
        /**
         * CredentialChange
         * @example {
         *       "title": "Alpha"
         *     }
         */
        CredentialChange: {
            /** Title */
            title: string;
        };
        /**
         * CredentialIn
         * @example {
         *       "metadata": {
         *         "site": "alpha"
         *       },
         *       "title": "Alpha"
         *     }
         */
        CredentialIn: {
            /**
             * Title
             * @default
             */
            title: string;
            /**
             * Metadata
             * @description kept beside the key, for its owner
             * @default {}
             */
            metadata: {
                [key: string]: unknown;
            };
        };
        /**
         * CredentialOut
         * @description An SSH key pair made here; its private half never leaves.
         */
        CredentialOut: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            /** User Id */
            user_id: string;
            /** Metadata */
            metadata: {
                [key: string]: unknown;
            };
            /** Public Key */
            public_key: string;
            /** Fingerprint */
            fingerprint: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Last Used At */
            last_used_at: string | null;
        };
        /**
         * DayOut
         * @description How the starts that ended on one day (of UTC) ended.
         */
        DayOut: {
            /**
             * Day
             * Format: date
             */
            day: string;
            /** Ended */
            ended: number;
            /** Cancelled */
            cancelled: number;
            /**
             * Failed
             * @description by cause: infrastructure, memory, time, program, or unknown
             */
            failed: {
                [key: string]: number;
            };
        };
        /**
         * DeadLetterOut
         * @description An event that could not be delivered.
         */
        DeadLetterOut: {
            /** Id */
            id: string;
            /** Event */
            event: string;
            /** Type */
            type: string;
            /** Subject */
            subject: string;
            /** Attempts */
            attempts: number;
            /** Trouble */
            trouble: string;
            trouble_why?: components["schemas"]["Why"] | null;
            /** Sending */
            sending: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * DecisionOut
         * @description A decision: what was proposed and predicted, what was chosen, what came of it.
         */
        DecisionOut: {
            /** Id */
            id: string;
            /** Execution */
            execution: string;
            /** User */
            user: string;
            policy: components["schemas"]["PolicyUsed"];
            /** Cluster */
            cluster: string;
            /** Queue */
            queue: string;
            /**
             * Rank
             * @description the place of the choice in the ranking; 1 = as proposed
             */
            rank: number;
            /**
             * Because
             * @description the user's reason to choose another than the first
             */
            because?: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Candidates */
            candidates: {
                [key: string]: unknown;
            }[];
            /** Discarded */
            discarded: {
                [key: string]: unknown;
            }[];
            /** Order */
            order: {
                [key: string]: unknown;
            };
            outcome: components["schemas"]["Outcome"];
        };
        /**
         * DecisionSummary
         * @description A decision in a list.
         */
        DecisionSummary: {
            /** Id */
            id: string;
            /** Execution */
            execution: string;
            /** User */
            user: string;
            policy: components["schemas"]["PolicyUsed"];
            /** Cluster */
            cluster: string;
            /** Queue */
            queue: string;
            /**
             * Rank
             * @description the place of the choice in the ranking; 1 = as proposed
             */
            rank: number;
            /**
             * Because
             * @description the user's reason to choose another than the first
             */
            because?: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * Discarded
         * @description A place that cannot run it, why, and what would cure that. `queue` null = no queue of that cluster can.
         *
         *     `code` and `facts` tell the same as `reason` and `cure`, for whoever says it in another language.
         */
        Discarded: {
            /** Cluster */
            cluster: string;
            /** Queue */
            queue: string | null;
            /** Code */
            code: string;
            /** Reason */
            reason: string;
            /** Cure */
            cure: string;
            /**
             * Facts
             * @default {}
             */
            facts: {
                [key: string]: unknown;
            };
        };
        /**
         * DraftIn
         * @description A draft as it shall be from now on.
         * @example {
         *       "asked": {
         *         "parameters": {
         *           "panels": 90
         *         },
         *         "wtid": "airfoil"
         *       }
         *     }
         */
        DraftIn: {
            asked: components["schemas"]["Unfinished"];
            /**
             * Source
             * @description the execution that it was filled in from
             */
            source?: string | null;
            /**
             * Revision
             * @description that was read; 0: it is new; without: whatever is there is replaced
             */
            revision?: number | null;
        };
        /**
         * DraftOut
         * @description A run that you have not finished asking for.
         */
        DraftOut: {
            /** Id */
            id: string;
            /** Revision */
            revision: number;
            /**
             * Title
             * @description of the workflow, when it was first saved
             */
            title: string;
            asked: components["schemas"]["Unfinished"];
            /** Source */
            source: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * EffectOut
         * @description What a price would have changed; samples are the cheapest, the middle and the dearest run.
         */
        EffectOut: {
            /** Currency */
            currency: string;
            /** Runs */
            runs: number;
            /** Before */
            before: string;
            /** After */
            after: string;
            /** Samples */
            samples: components["schemas"]["heroes__costs__schemas__SampleOut"][];
        };
        /**
         * Ended
         * @description A job that ended well, as a log of jobs tells of it: times in seconds, `app` is workflow and step.
         */
        Ended: {
            /** Job */
            job: string;
            /**
             * Submit
             * Format: date-time
             */
            submit: string;
            /** Wait */
            wait: number | null;
            /** Run */
            run: number;
            /** Procs */
            procs: number;
            /** Nodes */
            nodes: number;
            /** Gpus */
            gpus: number;
            /** User */
            user: string | null;
            /** App */
            app: string;
            /** Queue */
            queue: string;
            /** Input Bytes */
            input_bytes: number;
            /** Memory Bytes */
            memory_bytes: number | null;
            /** Energy J */
            energy_j: number | null;
        };
        /**
         * EnrolIn
         * @description A centre and the first account on it.
         * @example {
         *       "account": "heroes01",
         *       "auth": {
         *         "method": "generated"
         *       },
         *       "host": "login.alpha.example",
         *       "name": "alpha"
         *     }
         */
        EnrolIn: {
            /**
             * Account
             * @description user name at the site
             * @example heroes01
             */
            account: string;
            /**
             * Batch Account
             * @description the project that the scheduler charges
             */
            batch_account?: string | null;
            /**
             * @default {
             *       "method": "generated"
             *     }
             */
            auth: components["schemas"]["AuthIn"];
            /**
             * Name
             * @example alpha
             */
            name: string;
            /**
             * Title
             * @default
             */
            title: string;
            /**
             * Kind
             * @description its batch system; firecrest: Slurm behind FirecREST, which is then the only way to it
             * @default slurm
             * @enum {string}
             */
            kind: "slurm" | "pbs" | "gridengine" | "firecrest";
            /**
             * Host
             * @example login.alpha.example
             */
            host: string;
            api?: components["schemas"]["ApiIn"] | null;
            /**
             * Port
             * @default 22
             */
            port: number;
            jump?: components["schemas"]["JumpIn"] | null;
            /**
             * Host Key
             * @description ssh-ed25519 AAAA…; without it the key is shown for approval
             */
            host_key?: string | null;
            /** Location */
            location?: string | null;
            /**
             * Job Root
             * @default ~/heroes
             */
            job_root: string;
            /**
             * Folder Mode
             * @default 0700
             */
            folder_mode: string;
            /**
             * Purge Days
             * @default 30
             */
            purge_days: number;
        };
        /**
         * EnrolledOut
         * @description A cluster just enrolled: put `line.public_key` into the account's authorized_keys if the pair was made here.
         */
        EnrolledOut: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Title */
            title: string;
            /** Kind */
            kind: string;
            /** State */
            state: string;
            /** Organization Id */
            organization_id: string;
            /** Host */
            host: string | null;
            /** Port */
            port: number | null;
            /** Jump Host */
            jump_host: string | null;
            /** Api */
            api?: {
                [key: string]: unknown;
            } | null;
            /** Host Key */
            host_key: string | null;
            /** Host Key Fingerprint */
            host_key_fingerprint: string | null;
            /** Offered Fingerprint */
            offered_fingerprint: string | null;
            /** Location */
            location: string | null;
            /** Job Root */
            job_root: string;
            /** Folder Mode */
            folder_mode: string;
            /** Purge Days */
            purge_days: number;
            /** Facts */
            facts: {
                [key: string]: unknown;
            };
            /** Verdict */
            verdict: string | null;
            /** Checked At */
            checked_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Account State
             * @description of the account that your runs use there; none: no account
             */
            account_state?: string | null;
            line: components["schemas"]["LineOut"];
        };
        /**
         * EntryKind
         * @description What a booking is: an overrun is borne by the platform, all else is paid by budgets.
         * @enum {string}
         */
        EntryKind: "charge" | "storage" | "overrun";
        /** Execution */
        Execution: {
            /** Id */
            id: string;
            /**
             * Status
             * @description PENDING, RUNNING, CANCELLING, SUCCEEDED, FAILED or CANCELLED
             */
            status: string;
            /**
             * Outputs
             * @description result → bucket:path, once it is there
             */
            outputs?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * ExecutionOut
         * @description One run of a workflow.
         */
        ExecutionOut: {
            /** Wid */
            wid: string;
            owner: components["schemas"]["Owner"];
            configuration: components["schemas"]["Configuration"];
            /** Status */
            status: string;
            /**
             * Status Since
             * Format: date-time
             */
            status_since: string;
            /** Reason */
            reason: string | null;
            failure?: components["schemas"]["FailureOut"] | null;
            /**
             * Submit Time
             * Format: date-time
             */
            submit_time: string;
            /** Run Time */
            run_time: string | null;
            /** End Time */
            end_time: string | null;
            /**
             * Restarts
             * @default 0
             */
            restarts: number;
            /**
             * Notices
             * @description how its user wants to hear of its end; null: as they want it of every run
             */
            notices?: string[] | null;
            /**
             * Explanation
             * @description what goes on, since when and why, and how fresh that is, for people
             */
            explanation?: string | null;
            /** Steps */
            steps?: components["schemas"]["heroes__executions__schemas__StepOut"][] | null;
            /** @description in lists */
            figures?: components["schemas"]["FiguresOut"] | null;
        };
        /**
         * ExistingIn
         * @description Names to look for.
         * @example {
         *       "bucket": "home",
         *       "paths": [
         *         "a.dat"
         *       ]
         *     }
         */
        ExistingIn: {
            /** Bucket */
            bucket: string;
            /** Paths */
            paths: string[];
        };
        /**
         * ExistingOut
         * @description Those of the names that are taken.
         */
        ExistingOut: {
            /** Taken */
            taken: string[];
        };
        /**
         * FailedOut
         * @description A start of a job that failed.
         */
        FailedOut: {
            /** Id */
            id: string;
            /** Execution */
            execution: string;
            /**
             * Name
             * @description of the workflow
             */
            name: string;
            /** Job */
            job: string;
            /** Step */
            step: string;
            /** Index */
            index: number;
            /** Attempt */
            attempt: number;
            /** Queue */
            queue: string | null;
            /** Cause */
            cause: string;
            /** Code */
            code: string;
            /**
             * Text
             * @description what happened, in words
             */
            text: string;
            /** @description by code, the trouble of a transfer that the text quotes */
            why?: components["schemas"]["Why"] | null;
            /** Ended At */
            ended_at: string | null;
        };
        /**
         * FailureOut
         * @description What the job that failed first ended of; `reason` tells it in English.
         *
         *     `why`: by code, the trouble of a transfer that it quotes.
         */
        FailureOut: {
            /** Title */
            title: string;
            /** Code */
            code: string | null;
            /** Exit Code */
            exit_code: number | null;
            why?: components["schemas"]["Why"] | null;
        };
        /**
         * FaredOut
         * @description How jobs fared on a cluster: those ordered in the last `days` that have ended, each of their starts.
         */
        FaredOut: {
            /** Days */
            days: number;
            /**
             * Everyone
             * @description of all organizations that use it, which its owner may know; else of your own
             */
            everyone: boolean;
            /** Waits */
            waits: components["schemas"]["QueueWaitOut"][];
            /**
             * Ends
             * @description the oldest first; days on which nothing ended are left out
             */
            ends: components["schemas"]["DayOut"][];
        };
        /**
         * Faults
         * @description Every error, as the original has it.
         */
        Faults: {
            /** Errors */
            errors: components["schemas"]["heroes__facades__hpcwaas__schemas__Fault"][];
        };
        /**
         * FiguresOut
         * @description How far a run is and what it took, for lists; what was charged only for who began it or keeps the books.
         */
        FiguresOut: {
            /**
             * Jobs
             * @default 0
             */
            jobs: number;
            /**
             * Jobs Ended
             * @default 0
             */
            jobs_ended: number;
            /**
             * Charged
             * @description so far; null: not yours to see
             */
            charged?: string | null;
            /** Currency */
            currency?: string | null;
            cost?: components["schemas"]["PromisedOut"] | null;
            /** @description seconds from its submission to its result */
            time?: components["schemas"]["PromisedOut"] | null;
        };
        /** FileOut */
        FileOut: {
            /** Path */
            path: string;
            /** Size */
            size: number;
            /** Sha256 */
            sha256: string;
            /** Mode */
            mode: number;
        };
        /**
         * FindingOut
         * @description One line of the report: what was asked, the raw answer, the verdict, and the cure.
         */
        FindingOut: {
            /** Check */
            check: string;
            /** Command */
            command: string;
            /** Answer */
            answer: string;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "ok" | "warn" | "fail";
            /** Cure */
            cure: string | null;
            /** Queue */
            queue: string | null;
            /**
             * Code
             * @description of answer and cure, where these are the platform's words
             */
            code?: string | null;
            /**
             * Facts
             * @description with the code: the amounts and names in these words
             * @default {}
             */
            facts: {
                [key: string]: unknown;
            };
        };
        /**
         * FolderIn
         * @description A folder to make, with those above it.
         * @example {
         *       "bucket": "home",
         *       "path": "wing/results"
         *     }
         */
        FolderIn: {
            /**
             * Bucket
             * @example home
             */
            bucket: string;
            /**
             * Path
             * @example wing/results
             */
            path: string;
        };
        /**
         * Group
         * @description The jobs of one workflow, cluster, user or version of the predictor.
         */
        Group: {
            /**
             * By
             * @description workflow, cluster, user or model
             */
            by: string;
            /** Name */
            name: string;
            time: components["schemas"]["Accuracy"];
        };
        /** HealthOut */
        HealthOut: {
            /** Version */
            version: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Parts */
            parts: components["schemas"]["PartOut"][];
            /** Disk Free Bytes */
            disk_free_bytes: number;
            /** Disk Total Bytes */
            disk_total_bytes: number;
        };
        /**
         * HostKeyIn
         * @description The fingerprint that a person compared with what the site publishes.
         * @example {
         *       "fingerprint": "SHA256:…"
         *     }
         */
        HostKeyIn: {
            /**
             * Fingerprint
             * @example SHA256:…
             */
            fingerprint: string;
        };
        /**
         * Inputs
         * @description The inputs of an execution; texts are read by the schema of the workflow's parameters.
         * @example {
         *       "inputs": {
         *         "angles": "-4 0 4 8",
         *         "num_nodes": "2"
         *       }
         *     }
         */
        Inputs: {
            /** Inputs */
            inputs?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * ItemOut
         * @description What was charged for one item of the prices.
         */
        ItemOut: {
            /**
             * Item
             * @description fixed, core_hour, …, gb_month for storage too; overrun: borne by the platform, below 0
             */
            item: string;
            /** Amount */
            amount: string;
            /** Currency */
            currency: string;
        };
        /**
         * JobOut
         * @description One job of an execution, with what is going on in plain words and how fresh that is.
         */
        JobOut: {
            /** Id */
            id: string;
            /** Step */
            step: string;
            /** Index */
            index: number;
            /** Title */
            title: string;
            /** State */
            state: string;
            /**
             * State Since
             * Format: date-time
             */
            state_since: string;
            /** Code */
            code: string | null;
            /** Text */
            text: string | null;
            /** @description by code, the trouble of a transfer that the text quotes */
            why?: components["schemas"]["Why"] | null;
            /**
             * Reason
             * @description the scheduler's own word, such as Priority or OUT_OF_MEMORY
             */
            reason?: string | null;
            /**
             * Explanation
             * @description what it does, since when and why, and how fresh that is, for people
             */
            explanation?: string | null;
            /** Heard At */
            heard_at: string | null;
            /** Cluster */
            cluster: string | null;
            /** Queue */
            queue: string | null;
            /** Site Id */
            site_id?: string | null;
            /** Attempt */
            attempt: number;
            /** End */
            end: string | null;
            /** Exit Code */
            exit_code: number | null;
            /** Submitted At */
            submitted_at: string | null;
            /** Started At */
            started_at: string | null;
            /** Ended At */
            ended_at: string | null;
            /** Usage */
            usage: {
                [key: string]: unknown;
            } | null;
            /** Cost */
            cost: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * JobUsageOut
         * @description What a job used over time in its present attempt, in at most 240 intervals, the oldest first.
         */
        JobUsageOut: {
            /** Job */
            job: string;
            /** Step */
            step: string;
            /** Index */
            index: number;
            /** Title */
            title: string;
            /** Attempt */
            attempt: number;
            /** Cluster */
            cluster: string | null;
            /** Cores */
            cores: number;
            /**
             * Every S
             * @description about how long the intervals are
             */
            every_s: number | null;
            /** Energy Source */
            energy_source: string | null;
            cpu_unknown: components["schemas"]["WhyUnknown"] | null;
            power_unknown: components["schemas"]["WhyUnknown"] | null;
            /** Samples */
            samples: components["schemas"]["heroes__executions__schemas__SampleOut"][];
        };
        /**
         * JudgedOut
         * @description A decision whose execution ended well: run time and waiting in seconds, energy in joules.
         *
         *     Steps count one after the other, their jobs side by side, as they were predicted.
         */
        JudgedOut: {
            /** Decision */
            decision: string;
            /** Execution */
            execution: string;
            /** Cluster */
            cluster: string;
            /** Queue */
            queue: string;
            /** Policy */
            policy: string;
            /**
             * Rank
             * @description the place of the choice in the ranking; 1 = as proposed
             */
            rank: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Jobs */
            jobs: number;
            time: components["schemas"]["Compared"];
            wait: components["schemas"]["Compared"];
            cost: components["schemas"]["Compared"];
            energy: components["schemas"]["Compared"];
            /** Currency */
            currency: string | null;
        };
        /**
         * JumpIn
         * @description A host on the way. Its key is given, since nobody can be asked to confirm it later.
         */
        JumpIn: {
            /** Host */
            host: string;
            /**
             * Port
             * @default 22
             */
            port: number;
            /** Account */
            account?: string | null;
            /**
             * Host Key
             * @description ssh-ed25519 AAAA…
             */
            host_key: string;
        };
        /**
         * KeyIn
         * @example {
         *       "metadata": {
         *         "site": "alpha"
         *       }
         *     }
         */
        KeyIn: {
            /** Metadata */
            metadata?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * KeyOut
         * @description Shown once: the id is the token that uses the key.
         */
        KeyOut: {
            /** Id */
            id: string;
            /** Public Key */
            public_key: string;
        };
        /**
         * LedgerOut
         * @description One booking; `kind` charge: jobs, storage: a bucket's day, paid by the budgets; overrun: by the platform.
         *
         *     A booking for storage has a bucket in place of execution, job and attempt.
         */
        LedgerOut: {
            /** Id */
            id: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Kind */
            kind: string;
            /** Amount */
            amount: string;
            /** Currency */
            currency: string;
            /** Project */
            project: string;
            /** User */
            user: string;
            /** Execution */
            execution: string;
            /** Job */
            job: string;
            /** Attempt */
            attempt: string;
            /** Bucket */
            bucket: string | null;
            /** Tariff */
            tariff: string | null;
            /** Reason */
            reason: string;
            /**
             * Whys
             * @description the same by code, for other languages
             * @default []
             */
            whys: components["schemas"]["Why"][];
        };
        /**
         * LeftOut
         * @description What a user or project would leave behind.
         */
        LeftOut: {
            /**
             * Files
             * @default 0
             */
            files: number;
            /**
             * Bytes
             * @description all versions of all files, those in the trash too
             * @default 0
             */
            bytes: number;
            /**
             * Running
             * @description executions that have not ended; they would be cancelled
             * @default 0
             */
            running: number;
            /**
             * Tokens
             * @default 0
             */
            tokens: number;
            /**
             * Keys
             * @description SSH key pairs
             * @default 0
             */
            keys: number;
            /**
             * Programs
             * @default 0
             */
            programs: number;
        };
        /**
         * LineOut
         * @description An account on a cluster and what is known of its connection. Secrets never leave.
         */
        LineOut: {
            /** Id */
            id: string;
            /** Organization Id */
            organization_id: string;
            /** Cluster Id */
            cluster_id: string;
            /** Kind */
            kind: string;
            /** Account */
            account: string;
            /** Batch Account */
            batch_account: string | null;
            /** Auth */
            auth: string;
            /** Public Key */
            public_key: string | null;
            /** Shared With Consent */
            shared_with_consent: string | null;
            /** State */
            state: string;
            /** Last Error */
            last_error: string | null;
            trouble?: components["schemas"]["Trouble"] | null;
            /** Banner */
            banner: string | null;
            /** Root */
            root: string | null;
            /** Sources */
            sources: {
                [key: string]: unknown;
            };
            /** Connected At */
            connected_at: string | null;
            /** Last Heard At */
            last_heard_at: string | null;
            /** Sighted At */
            sighted_at: string | null;
            /** Watched At */
            watched_at: string | null;
        };
        /** Log */
        Log: {
            /**
             * Level
             * @description DEBUG, INFO, WARN or ERROR
             */
            level: string;
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
            /** Content */
            content: string;
        };
        /**
         * LogLineOut
         * @description One line, at most 8 KiB of it; `level` by the word at its beginning.
         */
        LogLineOut: {
            /** Number */
            number: number;
            /** Text */
            text: string;
            /** Level */
            level: ("error" | "warning" | "info" | "debug") | null;
            /** Seen At */
            seen_at: string | null;
        };
        /**
         * LogLinesOut
         * @description Lines of what one attempt of a job printed; `begin` is the position of the first among the `total` that fit.
         */
        LogLinesOut: {
            /** Job */
            job: string;
            /** Step */
            step: string;
            /** Index */
            index: number;
            /** Attempt */
            attempt: number;
            /** Stream */
            stream: string;
            /** Total */
            total: number;
            /** Of */
            of: number;
            /** Begin */
            begin: number;
            /** Lines */
            lines: components["schemas"]["LogLineOut"][];
            /** Levels */
            levels: {
                [key: string]: number;
            };
            /** Ended */
            ended: boolean;
            /** Open */
            open: boolean;
            /** Next Offset */
            next_offset: number;
            /** Missed */
            missed: number;
            /** Complete */
            complete: boolean;
        };
        /**
         * LogMatchesOut
         * @description How many lines hold the text, and the numbers of the first 10,000.
         */
        LogMatchesOut: {
            /** Total */
            total: number;
            /** Numbers */
            numbers: number[];
        };
        /**
         * LogOut
         * @description A piece of what one attempt of a job printed, of whole characters, and where the next piece begins.
         */
        LogOut: {
            /** Job */
            job: string;
            /** Step */
            step: string;
            /** Index */
            index: number;
            /** Attempt */
            attempt: number;
            /** Stream */
            stream: string;
            /** Offset */
            offset: number;
            /** Next Offset */
            next_offset: number;
            /** Content */
            content: string;
            /**
             * Missed
             * @default 0
             */
            missed: number;
            /** Ended */
            ended: boolean;
            /** Trouble */
            trouble?: string | null;
        };
        /**
         * LoginIn
         * @example {
         *       "organization": "acme",
         *       "password": "…",
         *       "username": "lea"
         *     }
         */
        LoginIn: {
            /** Username */
            username: string;
            /** Organization */
            organization: string;
            /**
             * Password
             * Format: password
             */
            password: string;
        };
        /**
         * LogoutIn
         * @example {
         *       "refresh_token": "…"
         *     }
         */
        LogoutIn: {
            /** Refresh Token */
            refresh_token?: string | null;
        };
        /** Logs */
        Logs: {
            /** Logs */
            logs: components["schemas"]["Log"][];
            /** Total Results */
            total_results: number;
            /** From */
            from: number;
        };
        /** Me */
        Me: {
            /** Sub */
            sub: string;
            /** Preferred Username */
            preferred_username: string;
            /** Email */
            email: string;
            /** Email Verified */
            email_verified: boolean;
            /** Given Name */
            given_name: string;
            /** Family Name */
            family_name: string;
            /**
             * Groups
             * @description the names of the caller's projects
             */
            groups: string[];
            /** Roles */
            roles: string[];
            /**
             * Projects
             * @description id, name and the actions allowed in each project
             */
            projects: {
                [key: string]: unknown;
            }[];
            /** Organization */
            organization: string;
            /**
             * Organization Id
             * @description as clusters and other shared things name their owner
             */
            organization_id: string;
            /**
             * Actions
             * @description what is allowed in the whole organization
             */
            actions: string[];
            /**
             * @default {
             *       "pinned_workflows": []
             *     }
             */
            preferences: components["schemas"]["Preferences"];
        };
        /**
         * Missing
         * @description How many jobs cannot be judged, and why.
         */
        Missing: {
            /** Reason */
            reason: string;
            /** Jobs */
            jobs: number;
        };
        /**
         * Money
         * @description An amount as decimal text, so that nothing is lost, and its currency.
         */
        Money: {
            /** Amount */
            amount: string;
            /** Currency */
            currency: string;
        };
        /**
         * MoreIn
         * @example {
         *       "amount": "5.00"
         *     }
         */
        MoreIn: {
            /**
             * Amount
             * @description in the currency of the execution's reservation
             */
            amount: number | string;
        };
        /**
         * MoveIn
         * @description From where to where, each as bucket:path; the target is the full new name.
         * @example {
         *       "source": "home:wing/a.dat",
         *       "target": "home:wing/b.dat"
         *     }
         */
        MoveIn: {
            /**
             * Source
             * @example home:wing/a.dat
             */
            source: string;
            /**
             * Target
             * @example home:wing/b.dat
             */
            target: string;
        };
        /**
         * Moving
         * @description Bringing the known inputs of all jobs to a place: part of its time to result and of its predicted cost.
         */
        Moving: {
            /** Bytes */
            bytes: number;
            /** Seconds */
            seconds: number;
            /** Cost */
            cost: number;
            /** Source */
            source: string;
        };
        /**
         * NameOut
         * @description What an id is called now.
         */
        NameOut: {
            /** Id */
            id: string;
            /**
             * Kind
             * @description such as user, project, cluster, workflow, execution, object, bucket, budget
             */
            kind: string;
            /** Name */
            name: string;
            /**
             * Place
             * @description of a file: the name of its bucket
             */
            place?: string | null;
            /**
             * Open
             * @description whether you may look at it; who reads the record learns names beyond
             * @default true
             */
            open: boolean;
        };
        /** NewClientOut */
        NewClientOut: {
            /** Client Id */
            client_id: string;
            /** Name */
            name: string;
            /** User Id */
            user_id: string | null;
            /** Redirect Uris */
            redirect_uris: string[];
            /** Public */
            public: boolean;
            /** Actions */
            actions: string[] | null;
            /** Projects */
            projects: string[] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Last Used At */
            last_used_at: string | null;
            /**
             * Client Secret
             * @description shown once, only here; none for a public program
             */
            client_secret: string | null;
        };
        /** NewCredentialOut */
        NewCredentialOut: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            /** User Id */
            user_id: string;
            /** Metadata */
            metadata: {
                [key: string]: unknown;
            };
            /** Public Key */
            public_key: string;
            /** Fingerprint */
            fingerprint: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Last Used At */
            last_used_at: string | null;
            /**
             * Token
             * @description lets the platform use the key; shown once, only here
             */
            token: string;
        };
        /** NewOrganizationOut */
        NewOrganizationOut: {
            /** Name */
            name: string;
            /** Id */
            id: string;
            /** Status */
            status: string;
            /**
             * Title
             * @default
             */
            title: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Removes
             * @description rows by table, of a deletion that was rehearsed
             */
            removes?: {
                [key: string]: number;
            } | null;
            /**
             * Administrator
             * @description user name of the first administrator
             */
            administrator: string;
            /**
             * One Time Password
             * @description of the first administrator; shown once, only here
             */
            one_time_password: string;
        };
        /** NewTokenOut */
        NewTokenOut: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** User Id */
            user_id: string;
            /** Actions */
            actions: string[] | null;
            /** Projects */
            projects: string[] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Last Used At */
            last_used_at: string | null;
            /**
             * Token
             * @description shown once, only here
             */
            token: string;
        };
        /** NewUserOut */
        NewUserOut: {
            /** Id */
            id: string;
            /**
             * Createdtimestamp
             * @description milliseconds since 1970
             */
            createdTimestamp: number;
            /** Username */
            username: string;
            /** Enabled */
            enabled: boolean;
            /** Firstname */
            firstName: string;
            /** Lastname */
            lastName: string;
            /** Email */
            email: string;
            /** Attributes */
            attributes: {
                [key: string]: unknown;
            };
            /** Service */
            service: boolean;
            /**
             * One Time Password
             * @description shown once, only here
             */
            one_time_password?: string | null;
        };
        /**
         * NoticeOut
         * @description A mail about a budget; `trouble` is why it was not taken yet, or was given up (`state` failed).
         */
        NoticeOut: {
            /** Id */
            id: string;
            /** Type */
            type: string;
            /** Budget */
            budget: string;
            /**
             * Percent
             * @description how much of it was taken: the threshold or limit that was reached
             */
            percent?: number | null;
            /** User */
            user: string;
            /**
             * State
             * @enum {string}
             */
            state: "waiting" | "sent" | "failed";
            /** Attempts */
            attempts: number;
            /** Trouble */
            trouble: string | null;
            trouble_why?: components["schemas"]["Why"] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Sent At */
            sent_at: string | null;
        };
        /**
         * NoticeWishIn
         * @description How you want to hear of the end of your runs.
         * @example {
         *       "ends": true
         *     }
         */
        NoticeWishIn: {
            /**
             * Ends
             * @description a mail when an execution of your own has ended
             */
            ends: boolean;
            /**
             * Page
             * @description a word in the open page; left out: as it was, else yes
             */
            page?: boolean | null;
            /**
             * Browser
             * @description a notice in each browser of yours that takes them, all pages closed; left out: as it was, else no
             */
            browser?: boolean | null;
            /**
             * Language
             * @description of every mail to you; left out: as it was, else English
             */
            language?: ("en" | "de") | null;
        };
        /**
         * NoticeWishOut
         * @description How you want to hear of the end of your runs, and whether that can be. A run may say otherwise.
         * @example {
         *       "ends": true
         *     }
         */
        NoticeWishOut: {
            /**
             * Ends
             * @description a mail when an execution of your own has ended
             */
            ends: boolean;
            /** Page */
            page: boolean;
            /** Browser */
            browser: boolean;
            /**
             * Language
             * @enum {string}
             */
            language: "en" | "de";
            /**
             * Address
             * @description where to; an administrator can change it
             */
            address: string;
            /**
             * Server
             * @description whether this platform has a mail server; else nothing is sent
             */
            server: boolean;
        };
        /**
         * NoticesIn
         * @description How to hear of the end of one run.
         * @example {
         *       "notices": [
         *         "page",
         *         "mail"
         *       ]
         *     }
         */
        NoticesIn: {
            /**
             * Notices
             * @description null: as you want it of every run; none: not at all
             */
            notices: ("page" | "browser" | "mail")[] | null;
        };
        /**
         * ObjectOut
         * @description A file, link or folder; a folder's name ends with a slash. `etag` is the SHA-256 of the content.
         * @example {
         *       "bucket_name": "lea",
         *       "content_type": "application/octet-stream",
         *       "etag": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *       "is_dir": false,
         *       "is_latest": true,
         *       "last_modified": "2026-03-01T09:00:00+00:00",
         *       "metadata": {
         *         "mode": "0644",
         *         "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
         *       },
         *       "object_name": "wing/naca2412.dat",
         *       "owner_name": "lea",
         *       "size": 4096,
         *       "storage_class": "STANDARD",
         *       "version_id": "ver_0123456789"
         *     }
         */
        ObjectOut: {
            /** Bucket Name */
            bucket_name: string;
            /** Object Name */
            object_name: string;
            /** Is Dir */
            is_dir: boolean;
            /** Size */
            size: number;
            /** Etag */
            etag: string | null;
            /** Content Type */
            content_type: string | null;
            /**
             * Last Modified
             * Format: date-time
             */
            last_modified: string;
            /** Version Id */
            version_id: string | null;
            /** Is Latest */
            is_latest: boolean;
            /** Metadata */
            metadata: {
                [key: string]: unknown;
            };
            /** Owner Name */
            owner_name: string;
            /** Storage Class */
            storage_class: string;
        };
        /**
         * OperationOut
         * @description A move or delete: small ones are `done` at once, large ones go on; ask again at /organization/operations/{id}.
         */
        OperationOut: {
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** State */
            state: string;
            /** Objects Done */
            objects_done: number;
            /**
             * Objects Total
             * @description null: not counted
             */
            objects_total: number | null;
            /**
             * Path
             * @description what it is done to
             */
            path: string;
            /** Target Path */
            target_path: string | null;
            /** Error */
            error: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * OrganizationChange
         * @example {
         *       "enabled": false
         *     }
         */
        OrganizationChange: {
            /** Title */
            title?: string | null;
            /** Enabled */
            enabled?: boolean | null;
        };
        /**
         * OrganizationIn
         * @example {
         *       "name": "acme",
         *       "title": "ACME"
         *     }
         */
        OrganizationIn: {
            /**
             * Name
             * @description lower case, digits, -
             */
            name: string;
            /**
             * Title
             * @default
             */
            title: string;
        };
        /** OrganizationOut */
        OrganizationOut: {
            /** Name */
            name: string;
            /** Id */
            id: string;
            /** Status */
            status: string;
            /**
             * Title
             * @default
             */
            title: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Removes
             * @description rows by table, of a deletion that was rehearsed
             */
            removes?: {
                [key: string]: number;
            } | null;
        };
        /**
         * OrganizationSettings
         * @example {
         *       "allowed_sources": [
         *         "192.0.2.0/24"
         *       ],
         *       "title": "ACME"
         *     }
         */
        OrganizationSettings: {
            /** Title */
            title?: string | null;
            /**
             * Allowed Sources
             * @description networks (CIDR) users may come from; empty: all
             */
            allowed_sources?: string[] | null;
        };
        /** OrganizationSettingsOut */
        OrganizationSettingsOut: {
            /** Name */
            name: string;
            /** Id */
            id: string;
            /** Status */
            status: string;
            /**
             * Title
             * @default
             */
            title: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Removes
             * @description rows by table, of a deletion that was rehearsed
             */
            removes?: {
                [key: string]: number;
            } | null;
            /** Allowed Sources */
            allowed_sources: string[];
        };
        /**
         * Outcome
         * @description What really happened, as far as it was measured, in the terms of the prediction.
         *
         *     Steps one after the other, their jobs side by side: waiting, run time and handling add up. Energy is the sum over
         *     the finished jobs, memory its highest.
         */
        Outcome: {
            /** Jobs */
            jobs: number;
            /** Run S */
            run_s: number | null;
            /** Wait S */
            wait_s: number | null;
            /**
             * Handled S
             * @description beside waiting and running, from the orders to the settlements
             */
            handled_s: number | null;
            /** Memory Bytes */
            memory_bytes: number | null;
            /** Energy J */
            energy_j: number | null;
        };
        /**
         * OwnPolicyIn
         * @description What an organization wants of every placement.
         * @example {
         *       "barred": [],
         *       "fixed": false,
         *       "policy": "greenest"
         *     }
         */
        OwnPolicyIn: {
            /** @description where a run names none */
            policy: components["schemas"]["Policy"];
            /**
             * Weights
             * @description of the policy weighted: cost, time, energy, …
             */
            weights?: {
                [key: string]: number;
            } | null;
            /**
             * Fixed
             * @description no run may name another
             * @default false
             */
            fixed: boolean;
            /**
             * Barred
             * @description clusters, by id or name, that nothing is placed on
             * @default []
             */
            barred: string[];
        };
        /**
         * OwnPolicyOut
         * @description What holds for the placements of an organization; `changed_at` null: the platform's own default.
         */
        OwnPolicyOut: {
            policy: components["schemas"]["Policy"];
            /**
             * Weights
             * @description of weighted, adding up to 1
             */
            weights: {
                [key: string]: number;
            } | null;
            /**
             * Balanced
             * @description the weights of weighted where nobody names any
             */
            balanced: {
                [key: string]: number;
            };
            /** Fixed */
            fixed: boolean;
            /**
             * Barred
             * @description ids of clusters
             */
            barred: string[];
            /** Changed At */
            changed_at: string | null;
        };
        /** Owner */
        Owner: {
            /** Organization */
            organization: string;
            /** User */
            user: string;
        };
        /**
         * PartOut
         * @description One part of the platform. `fact` says in words what was found.
         */
        PartOut: {
            /** Name */
            name: string;
            /** Ok */
            ok: boolean;
            /** Fact */
            fact: string;
        };
        /**
         * PasswordIn
         * @example {
         *       "current_password": "…",
         *       "new_password": "…"
         *     }
         */
        PasswordIn: {
            /**
             * Current Password
             * Format: password
             */
            current_password: string;
            /**
             * New Password
             * Format: password
             */
            new_password: string;
        };
        /**
         * Place
         * @description Where one step would run.
         */
        Place: {
            /** Step */
            step: string;
            /** Cluster */
            cluster: string;
            /** Queue */
            queue: string;
            /**
             * Worst Case
             * @description the most that its jobs cost there
             * @default 0.00
             */
            worst_case: string;
        };
        /**
         * Policy
         * @description What a user wants most.
         * @enum {string}
         */
        Policy: "fastest" | "cheapest" | "greenest" | "weighted" | "deadline";
        /**
         * PolicyIn
         * @description What may be changed of a cluster: description, address, job folders.
         * @example {
         *       "purge_days": 14,
         *       "title": "Alpha, the new one"
         *     }
         */
        PolicyIn: {
            /** Title */
            title?: string | null;
            /**
             * Location
             * @description where its power comes from: ISO 3166, such as DE; empty: not said
             */
            location?: string | null;
            /** Host */
            host?: string | null;
            /** Port */
            port?: number | null;
            /**
             * Job Root
             * @description absolute, or below ~, $HOME, $SCRATCH, $WORK
             */
            job_root?: string | null;
            /**
             * Folder Mode
             * @example 0700
             */
            folder_mode?: string | null;
            /** Purge Days */
            purge_days?: number | null;
        };
        /**
         * PolicyUsed
         * @description The policy and the weights of its criteria, adding up to 1; of `deadline`, the deadline in seconds since 1970.
         */
        PolicyUsed: {
            name: components["schemas"]["Policy"];
            /** Weights */
            weights: {
                [key: string]: number;
            };
        };
        /**
         * Preferences
         * @description How a person likes the pages to be: it follows them from one browser to the next.
         * @example {
         *       "pinned_workflows": [
         *         "wft_06gzr4tn5m8b"
         *       ]
         *     }
         */
        Preferences: {
            /**
             * Pinned Workflows
             * @description ids, in the order of their pinning
             * @default []
             */
            pinned_workflows: string[];
        };
        /**
         * PreviewIn
         * @description What a job would ask for; cores and GPUs over all nodes.
         * @example {
         *       "cluster": "alpha",
         *       "cores": 64,
         *       "nodes": 2,
         *       "walltime_s": 3600
         *     }
         */
        PreviewIn: {
            /** Cluster */
            cluster: string;
            /** Queue */
            queue?: string | null;
            /**
             * Nodes
             * @default 1
             */
            nodes: number;
            /**
             * Cores
             * @default 1
             */
            cores: number;
            /**
             * Gpus
             * @default 0
             */
            gpus: number;
            /**
             * Walltime S
             * @description seconds; left out: the queue's longest
             */
            walltime_s?: number | null;
            /**
             * Moved Bytes
             * @default 0
             */
            moved_bytes: number;
            /**
             * Count
             * @description jobs of this kind
             * @default 1
             */
            count: number;
            /**
             * Attempts
             * @default 1
             */
            attempts: number;
        };
        /**
         * PreviewOut
         * @description The most that this would cost now, and the items of one job that uses its bounds.
         */
        PreviewOut: {
            /** Tariff */
            tariff: string | null;
            /** Currency */
            currency: string | null;
            /** Worst Case */
            worst_case: string;
            /** Lines */
            lines: {
                [key: string]: unknown;
            }[];
        };
        /**
         * Problem
         * @description RFC 9457, with a stable `code` and the id under which the logs know this request.
         * @example {
         *       "code": "invalid",
         *       "detail": "1 thing must be put right before this can run.",
         *       "problems": [
         *         {
         *           "code": "too_small",
         *           "facts": {
         *             "least": 10
         *           },
         *           "message": "9 is less than the minimum of 10",
         *           "pointer": "/parameters/panels"
         *         }
         *       ],
         *       "request_id": "req_0123456789",
         *       "status": 422,
         *       "title": "Invalid input",
         *       "type": "urn:heroes:problem:invalid"
         *     }
         */
        Problem: {
            /** Type */
            type: string;
            /** Title */
            title: string;
            /** Status */
            status: number;
            /** Detail */
            detail: string;
            /** Code */
            code: string;
            /**
             * Case
             * @description what exactly, where `code` is a general one such as conflict
             */
            case?: string | null;
            /** Request Id */
            request_id: string;
            /**
             * Problems
             * @description with 422: each fault and where it is
             */
            problems?: components["schemas"]["heroes__kit__problem__Fault"][] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * ProblemOut
         * @description What is wrong at one place; `code` and `facts` tell the same as `message`, for other languages.
         */
        ProblemOut: {
            /** Pointer */
            pointer: string;
            /** Message */
            message: string;
            /** Code */
            code: string;
            /**
             * Facts
             * @default {}
             */
            facts: {
                [key: string]: unknown;
            };
        };
        /**
         * ProjectChange
         * @example {
         *       "title": "Wing of the glider"
         *     }
         */
        ProjectChange: {
            /** Title */
            title: string;
        };
        /**
         * ProjectIn
         * @example {
         *       "name": "wing",
         *       "title": "Wing of the glider"
         *     }
         */
        ProjectIn: {
            /**
             * Name
             * @description lower case letters, digits, . _ -
             */
            name: string;
            /**
             * Title
             * @default
             */
            title: string;
        };
        /** ProjectOut */
        ProjectOut: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Title */
            title: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Closed
             * @default false
             */
            closed: boolean;
            /**
             * Removed At
             * @description of a closed one: when its data is removed; until then it can be reopened
             */
            removed_at?: string | null;
        };
        /**
         * PromisedOut
         * @description What was predicted before the run for the place that was chosen; 8 of 10 end from `low80` to `high80`.
         */
        PromisedOut: {
            /** Value */
            value: number;
            /** Low80 */
            low80: number;
            /** High80 */
            high80: number;
            /** Confidence */
            confidence?: string | null;
        };
        /**
         * PushKeyOut
         * @description The key that a browser is to know this platform by (`applicationServerKey`).
         */
        PushKeyOut: {
            /** Key */
            key: string;
        };
        /**
         * Quantity
         * @description A predicted quantity. Without ground `value` is null and `reason` says why.
         *
         *     `confidence` is none, low, medium or high; `accuracy` is the expected ratio of the smaller to the larger of
         *     predicted and real value, 0 to 1. `safe` is not exceeded by 19 of 20 runs. `nearest` are the jobs that it rests on
         *     most; `borrowed` says where it comes from if not from this step's own runs on this queue. A wait has `chances`: of
         *     having started within 1 min, 10 min, …
         */
        Quantity: {
            /** Value */
            value: number | null;
            /** Unit */
            unit: string;
            /** Low80 */
            low80?: number | null;
            /** High80 */
            high80?: number | null;
            /** Low90 */
            low90?: number | null;
            /** High90 */
            high90?: number | null;
            /**
             * Confidence
             * @default none
             */
            confidence: string;
            /** Accuracy */
            accuracy?: number | null;
            /**
             * N Similar
             * @default 0
             */
            n_similar: number;
            /** Method */
            method?: string | null;
            /** Source */
            source?: string | null;
            reason?: components["schemas"]["Reason"] | null;
            /** Safe */
            safe?: number | null;
            /**
             * Nearest
             * @default []
             */
            nearest: string[];
            /** Borrowed */
            borrowed?: string | null;
            /** Chances */
            chances?: {
                [key: string]: number;
            } | null;
        };
        /**
         * QueueOut
         * @description A queue, its limits, and how full it was when last seen.
         */
        QueueOut: {
            /** Id */
            id: string;
            /** Cluster Id */
            cluster_id: string;
            /** Name */
            name: string;
            /** State */
            state: string;
            /** Is Default */
            is_default: boolean;
            /** Nodes Total */
            nodes_total: number;
            /** Nodes Free */
            nodes_free: number;
            /** Down Nodes */
            down_nodes: number;
            /** Cores Per Node */
            cores_per_node: number;
            /** Cores Total */
            cores_total: number;
            /** Cores Free */
            cores_free: number;
            /** Memory Bytes Per Node */
            memory_bytes_per_node: number | null;
            /** Gpus Per Node */
            gpus_per_node: number;
            /** Max Walltime S */
            max_walltime_s: number | null;
            /** Default Walltime S */
            default_walltime_s: number | null;
            /** Max Nodes */
            max_nodes: number | null;
            /** Accounts */
            accounts: string[] | null;
            /** Pending Jobs */
            pending_jobs: number;
            /** Running Jobs */
            running_jobs: number;
            /**
             * Sighted At
             * Format: date-time
             */
            sighted_at: string;
            /** Facts */
            facts: {
                [key: string]: unknown;
            };
            /** Probed At */
            probed_at: string | null;
        };
        /**
         * QueueWaitOut
         * @description How long jobs waited in a queue before they began.
         */
        QueueWaitOut: {
            /** Queue */
            queue: string;
            /**
             * Jobs
             * @description whose wait is known
             */
            jobs: number;
            /** @description seconds */
            wait: components["schemas"]["SpanOut"];
            /**
             * Longest
             * @description seconds
             */
            longest: number;
            /**
             * Last At
             * Format: date-time
             * @description when the last of them ended
             */
            last_at: string;
        };
        /**
         * QuotaIn
         * @description A bound in bytes; null is none.
         * @example {
         *       "quota_bytes": 10000000000
         *     }
         */
        QuotaIn: {
            /** Quota Bytes */
            quota_bytes: number | null;
        };
        /**
         * Ranking
         * @description The candidates in order, the discarded places, and why the order is so. Nothing was started.
         */
        Ranking: {
            policy: components["schemas"]["PolicyUsed"];
            /** Candidates */
            candidates: components["schemas"]["Candidate"][];
            /** Discarded */
            discarded: components["schemas"]["Discarded"][];
            order: components["schemas"]["Reason"];
        };
        /**
         * Reason
         * @description Why there is no value, or no interval.
         */
        Reason: {
            /** Code */
            code: string;
            /** Text */
            text: string;
            /** Facts */
            facts?: {
                [key: string]: unknown;
            };
        };
        /**
         * RecoverIn
         * @description Where to bring it back to; left out: where it was.
         * @example {
         *       "target": "wing/old"
         *     }
         */
        RecoverIn: {
            /** Target */
            target?: string | null;
        };
        /**
         * RefreshIn
         * @example {
         *       "refresh_token": "…"
         *     }
         */
        RefreshIn: {
            /**
             * Refresh Token
             * Format: password
             */
            refresh_token: string;
        };
        /**
         * Reliability
         * @description Chance that one job is lost to a node failure: the posterior's mean and its 95 % upper bound.
         */
        Reliability: {
            /** Jobs */
            jobs: number;
            /** Lost */
            lost: number;
            /** Chance */
            chance: number;
            /** At Most */
            at_most: number;
            /** Text */
            text: string;
        };
        /**
         * Report
         * @description Predictions against what really happened, of the newest jobs that one may see.
         */
        Report: {
            /** Jobs */
            jobs: number;
            time: components["schemas"]["Accuracy"];
            wait: components["schemas"]["Accuracy"];
            memory: components["schemas"]["Accuracy"];
            energy: components["schemas"]["Accuracy"];
            /** Groups */
            groups: components["schemas"]["Group"][];
            /** Missing */
            missing: components["schemas"]["Missing"][];
            /** Decisions */
            decisions: number;
            /**
             * Overridden
             * @description decisions where another than the first was chosen
             */
            overridden: number;
            /**
             * Reasons
             * @description the newest reasons that users gave for that
             */
            reasons: string[];
            /**
             * Moved
             * @description jobs that left the cluster of their decision because that paid
             */
            moved: number;
        };
        /**
         * ReportOut
         * @description A compliance check.
         */
        ReportOut: {
            /** Id */
            id: string;
            /** Cluster Id */
            cluster_id: string;
            /** Line Id */
            line_id: string;
            /**
             * State
             * @enum {string}
             */
            state: "WAITING" | "PROBING" | "DONE";
            /** Verdict */
            verdict: ("ok" | "warn" | "fail") | null;
            /** Findings */
            findings: components["schemas"]["FindingOut"][];
            /** Waiting For */
            waiting_for: string[];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Finished At */
            finished_at: string | null;
        };
        /**
         * Request
         * @description A workflow with its parameters, as it is ranked and submitted.
         * @example {
         *       "parameters": {
         *         "airfoil": "home:wing/naca2412.dat",
         *         "angles": [
         *           -4,
         *           0,
         *           4,
         *           8
         *         ]
         *       },
         *       "policy": "cheapest",
         *       "wtid": "airfoil"
         *     }
         */
        Request: {
            /**
             * Wtid
             * @description id or name of the workflow
             */
            wtid: string;
            /** Version */
            version?: string | null;
            /**
             * Parameters
             * @default {}
             */
            parameters: {
                [key: string]: unknown;
            };
            resources?: components["schemas"]["Resources"] | null;
            policy?: components["schemas"]["Policy"] | null;
            /** Weights */
            weights?: {
                [key: string]: number;
            } | null;
            /**
             * Deadline
             * @description by when it must have ended; implies that policy
             */
            deadline?: string | null;
            /**
             * Project
             * @description name or id; needed with more than one
             */
            project?: string | null;
        };
        /** ReservationOut */
        ReservationOut: {
            /** Execution */
            execution: string;
            /** Currency */
            currency: string;
            /** Amount */
            amount: string;
        };
        /**
         * Resources
         * @description The user's own wishes for every step of one execution; what is left out stays as the workflow says.
         */
        Resources: {
            /** Cores */
            cores?: number | null;
            /** Nodes */
            nodes?: number | null;
            /**
             * Memory
             * @description per node, such as "4 GiB"
             */
            memory?: string | number | null;
            /**
             * Walltime
             * @description such as "01:00:00"
             */
            walltime?: string | number | null;
            /** Gpus */
            gpus?: number | null;
        };
        /**
         * Restart
         * @description What `restart` takes: nothing, or the step to run again from, other resources for some steps, another place.
         * @example {
         *       "resources": {
         *         "solve": {
         *           "memory": "8 GiB"
         *         }
         *       }
         *     }
         * @example {
         *       "from": "solve"
         *     }
         */
        Restart: {
            /**
             * From
             * @description this step and all after it; else from what failed
             */
            from?: string | null;
            /**
             * Resources
             * @description step → what it asks for from now on
             * @default {}
             */
            resources: {
                [key: string]: components["schemas"]["Resources"];
            };
            /** Cluster */
            cluster?: string | null;
            /** Queue */
            queue?: string | null;
            /**
             * Max Cost
             * @description in the budget's currency
             */
            max_cost?: string | null;
        };
        /**
         * RestoreIn
         * @description Which old version becomes the current one.
         * @example {
         *       "bucket": "home",
         *       "file": "wing/a.dat",
         *       "version_id": "ver_0123456789"
         *     }
         */
        RestoreIn: {
            /** Bucket */
            bucket: string;
            /** File */
            file: string;
            /** Version Id */
            version_id: string;
        };
        /**
         * ResultOut
         * @description One declared result, where it lies and what it must hash to.
         */
        ResultOut: {
            /** Name */
            name: string;
            /** Bucket */
            bucket: string;
            /** Path */
            path: string;
            /** Size */
            size: number;
            /** Sha256 */
            sha256: string;
        };
        /**
         * RightOut
         * @description An action, what it allows in words, and the default roles that allow it, the smallest first.
         */
        RightOut: {
            /** Action */
            action: string;
            /** Means */
            means: string;
            /** Roles */
            roles: string[];
        };
        /**
         * RoleChange
         * @example {
         *       "actions": [
         *         "workflow.read"
         *       ]
         *     }
         */
        RoleChange: {
            /** Title */
            title?: string | null;
            /** Actions */
            actions?: components["schemas"]["Action"][] | null;
        };
        /** RoleHeld */
        RoleHeld: {
            /** Role */
            role: string;
            /**
             * Project
             * @description id or name; none: in the whole organization
             */
            project?: string | null;
        };
        /**
         * RoleIn
         * @example {
         *       "actions": [
         *         "workflow.read",
         *         "cluster.read"
         *       ],
         *       "name": "reader",
         *       "title": "Reader"
         *     }
         */
        RoleIn: {
            /**
             * Name
             * @description lower case letters, digits, . _ -
             */
            name: string;
            /**
             * Title
             * @default
             */
            title: string;
            /** Actions */
            actions: components["schemas"]["Action"][];
        };
        /** RoleOut */
        RoleOut: {
            /** Name */
            name: string;
            /** Title */
            title: string;
            /** Actions */
            actions: string[];
            /**
             * Default
             * @description true: every organization has it, and it cannot be changed
             */
            default: boolean;
            /**
             * In Projects
             * @description may be held in one project
             */
            in_projects: boolean;
        };
        /**
         * ServicesOut
         * @description Whether the platform works, as everybody may know: `code` and `text` say what people notice, never its inside.
         */
        ServicesOut: {
            /**
             * State
             * @enum {string}
             */
            state: "up" | "degraded";
            /**
             * Code
             * @enum {string}
             */
            code: "up" | "work_late" | "files_down" | "data_down";
            /** Text */
            text: string;
            /**
             * At
             * Format: date-time
             * @description when that was looked at; it is kept for some seconds
             */
            at: string;
        };
        /**
         * SessionOut
         * @description A browser's session, whose key is a cookie that no script can read.
         */
        SessionOut: {
            /** Organization */
            organization: string;
            /** Password Change Required */
            password_change_required: boolean;
        };
        /**
         * SightingOut
         * @description How full a queue was at one time.
         */
        SightingOut: {
            /** Id */
            id: string;
            /** Queue Id */
            queue_id: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** State */
            state: string;
            /** Nodes Total */
            nodes_total: number;
            /** Nodes Free */
            nodes_free: number;
            /** Down Nodes */
            down_nodes: number;
            /** Cores Free */
            cores_free: number;
            /** Pending Jobs */
            pending_jobs: number;
            /** Running Jobs */
            running_jobs: number;
        };
        /**
         * SizeOut
         * @description What lies at and below a name.
         */
        SizeOut: {
            /** Bucket Name */
            bucket_name: string;
            /** Object Name */
            object_name: string;
            /** Files */
            files: number;
            /** Folders */
            folders: number;
            /**
             * Bytes
             * @description all versions of all files
             */
            bytes: number;
        };
        /**
         * Span
         * @description How often a budget begins anew; `once` never does.
         * @enum {string}
         */
        Span: "once" | "month" | "quarter" | "year";
        /**
         * SpanOut
         * @description Where 8 of 10 lie, and the middle.
         */
        SpanOut: {
            /** Low */
            low: number;
            /** Median */
            median: number;
            /** High */
            high: number;
        };
        /**
         * StatementLine
         * @description Bookings of one kind, of one user in one project; "" where there is none.
         */
        StatementLine: {
            /** Project */
            project: string;
            /** User */
            user: string;
            /** Kind */
            kind: string;
            /** Bookings */
            bookings: number;
            /** Amount */
            amount: string;
            /** Currency */
            currency: string;
        };
        /**
         * StatementOut
         * @description A month of the ledger, added up. A closed one never changes; its `sha256` is that of lines and totals.
         */
        StatementOut: {
            /**
             * Month
             * @example 2026-11
             */
            month: string;
            /** Project */
            project: string | null;
            /** Closed */
            closed: boolean;
            /** Closed At */
            closed_at: string | null;
            /** Sha256 */
            sha256: string | null;
            /** Lines */
            lines: components["schemas"]["StatementLine"][];
            /** Totals */
            totals: components["schemas"]["StatementTotal"][];
        };
        /** StatementTotal */
        StatementTotal: {
            /** Kind */
            kind: string;
            /** Bookings */
            bookings: number;
            /** Amount */
            amount: string;
            /** Currency */
            currency: string;
        };
        /**
         * Status
         * @description The words of the platform's interface for one execution.
         * @enum {string}
         */
        Status: "SUBMIT_IN_PROGRESS" | "PENDING" | "RUN_IN_PROGRESS" | "CANCEL_IN_PROGRESS" | "CANCELED" | "FINISHED" | "FAILED";
        /**
         * StepPrediction
         * @description What is predicted for one job of a step where it would run.
         */
        StepPrediction: {
            /** Step */
            step: string;
            /** Cluster */
            cluster: string;
            /** Queue */
            queue: string;
            time: components["schemas"]["Quantity"];
            wait: components["schemas"]["Quantity"];
            memory: components["schemas"]["Quantity"];
            energy: components["schemas"]["Quantity"];
            cost: components["schemas"]["Quantity"];
        };
        /**
         * StoredOut
         * @description What one bucket held, and what that came to; while something is owed nobody uploads to it.
         */
        StoredOut: {
            /** Bucket */
            bucket: string;
            /** Name */
            name: string;
            /** Project */
            project: string | null;
            /** User */
            user: string | null;
            /** Days */
            days: number;
            /**
             * Gb Month
             * @description 10^9 bytes held for 30 days
             */
            gb_month: string;
            /**
             * Last Day
             * Format: date
             */
            last_day: string;
            /** Last Bytes */
            last_bytes: number;
            /** Currency */
            currency: string;
            /** Charged */
            charged: string;
            /** Owed */
            owed: string;
        };
        /**
         * Submission
         * @description What `submit` takes: `cluster` picks another than the first of the ranking; `max_cost` lowers the reservation.
         * @example {
         *       "parameters": {
         *         "airfoil": "home:wing/naca2412.dat",
         *         "angles": [
         *           -4,
         *           0,
         *           4,
         *           8
         *         ]
         *       },
         *       "policy": "cheapest",
         *       "wtid": "airfoil"
         *     }
         */
        Submission: {
            /**
             * Wtid
             * @description id or name of the workflow
             */
            wtid: string;
            /** Version */
            version?: string | null;
            /**
             * Parameters
             * @default {}
             */
            parameters: {
                [key: string]: unknown;
            };
            resources?: components["schemas"]["Resources"] | null;
            policy?: components["schemas"]["Policy"] | null;
            /** Weights */
            weights?: {
                [key: string]: number;
            } | null;
            /**
             * Deadline
             * @description by when it must have ended; implies that policy
             */
            deadline?: string | null;
            /**
             * Project
             * @description name or id; needed with more than one
             */
            project?: string | null;
            /** Cluster */
            cluster?: string | null;
            /** Queue */
            queue?: string | null;
            /**
             * Max Cost
             * @description in the budget's currency
             */
            max_cost?: string | null;
            /**
             * Because
             * @description why another place than the first; kept with the decision
             */
            because?: string | null;
            /**
             * Notices
             * @description how you want to hear of its end; left out: as you want it of every run
             */
            notices?: ("page" | "browser" | "mail")[] | null;
        };
        /**
         * Suggestion
         * @description What to ask for next time, from the upper end of what was seen; null = too little was seen.
         */
        Suggestion: {
            /** Step */
            step: string;
            /** Walltime S */
            walltime_s: number | null;
            /**
             * Memory Bytes
             * @description per node
             */
            memory_bytes: number | null;
        };
        /**
         * TariffIn
         * @example {
         *       "cluster": "alpha",
         *       "core_hour": "0.02",
         *       "kwh": "0.30",
         *       "node_power_w": "400"
         *     }
         */
        TariffIn: {
            /**
             * Currency
             * @description ISO 4217
             * @default EUR
             * @example EUR
             */
            currency: string;
            /**
             * Fixed
             * @description once per started payload
             * @default 0
             */
            fixed: number | string;
            /**
             * Core Hour
             * @default 0
             */
            core_hour: number | string;
            /**
             * Node Hour
             * @default 0
             */
            node_hour: number | string;
            /**
             * Gpu Hour
             * @default 0
             */
            gpu_hour: number | string;
            /**
             * Gb Moved
             * @description per 10^9 bytes moved in or out
             * @default 0
             */
            gb_moved: number | string;
            /**
             * Gb Month
             * @description per 10^9 bytes stored for 30 days
             * @default 0
             */
            gb_month: number | string;
            /**
             * Kwh
             * @default 0
             */
            kwh: number | string;
            /**
             * Node Power W
             * @description the most a node draws; needed where kwh has a price
             */
            node_power_w?: number | string | null;
            /**
             * Charges Node Failures
             * @description also charge attempts that a failing node ended
             * @default false
             */
            charges_node_failures: boolean;
            /**
             * Cluster
             * @description id or name
             */
            cluster: string;
            /**
             * Queue
             * @description id or name; left out: all queues of the cluster
             */
            queue?: string | null;
            /**
             * Title
             * @default
             */
            title: string;
            /**
             * Valid From
             * @description left out: now; never in the past
             */
            valid_from?: string | null;
        };
        /** TariffOut */
        TariffOut: {
            /** Id */
            id: string;
            /** Cluster */
            cluster: string;
            /** Queue */
            queue: string | null;
            /** Title */
            title: string;
            /** Currency */
            currency: string;
            /** Fixed */
            fixed: string;
            /** Core Hour */
            core_hour: string;
            /** Node Hour */
            node_hour: string;
            /** Gpu Hour */
            gpu_hour: string;
            /** Gb Moved */
            gb_moved: string;
            /** Gb Month */
            gb_month: string;
            /** Kwh */
            kwh: string;
            /** Node Power W */
            node_power_w: string | null;
            /** Charges Node Failures */
            charges_node_failures: boolean;
            /**
             * Valid From
             * Format: date-time
             */
            valid_from: string;
            /** Valid Until */
            valid_until: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * TemplateOut
         * @description A workflow in one version, with all that is needed to run it.
         */
        TemplateOut: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Title */
            title: string;
            /** Description */
            description: string;
            /** Version */
            version: number;
            /** Visibility */
            visibility: string;
            /** Organization Id */
            organization_id: string;
            /**
             * Published At
             * Format: date-time
             */
            published_at: string;
            /** Published By */
            published_by: string | null;
            /**
             * Publisher
             * @description user name; null: the platform, or another organization's
             */
            publisher?: string | null;
            shown: components["schemas"]["VersionOut"];
            /** Versions */
            versions: components["schemas"]["VersionOut"][];
            /**
             * Schema
             * @description JSON Schema 2020-12 of the parameters
             */
            schema: {
                [key: string]: unknown;
            };
            /** Readme */
            readme: string;
            /** Steps */
            steps: components["schemas"]["heroes__workflows__schemas__StepOut"][];
            /** Outputs */
            outputs: {
                [key: string]: string;
            };
            /** Files */
            files: components["schemas"]["FileOut"][];
        };
        /**
         * TestOut
         * @description The event that was made to try the webhook; it comes in its turn.
         */
        TestOut: {
            /** Event */
            event: string;
        };
        /**
         * ThrowIn
         * @description What to throw away.
         * @example {
         *       "bucket": "home",
         *       "path": "wing/old"
         *     }
         */
        ThrowIn: {
            /**
             * Bucket
             * @example home
             */
            bucket: string;
            /**
             * Path
             * @example wing/old
             */
            path: string;
        };
        /**
         * TokenChange
         * @example {
         *       "name": "nightly runs"
         *     }
         */
        TokenChange: {
            /** Name */
            name: string;
        };
        /**
         * TokenIn
         * @example {
         *       "actions": [
         *         "workflow.run",
         *         "data.read"
         *       ],
         *       "expires_in_days": 30,
         *       "name": "nightly runs",
         *       "projects": [
         *         "wing"
         *       ]
         *     }
         */
        TokenIn: {
            /** Name */
            name: string;
            /**
             * Actions
             * @description none: whatever its owner may
             */
            actions?: components["schemas"]["Action"][] | null;
            /**
             * Projects
             * @description ids or names; none: all of its owner's
             */
            projects?: string[] | null;
            /**
             * Expires In Days
             * @default 90
             */
            expires_in_days: number | null;
            /**
             * User
             * @description a service account; needs token.manage
             */
            user?: string | null;
        };
        /** TokenOut */
        TokenOut: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** User Id */
            user_id: string;
            /** Actions */
            actions: string[] | null;
            /** Projects */
            projects: string[] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Last Used At */
            last_used_at: string | null;
        };
        /**
         * TokenSet
         * @description An OAuth 2 token set; times in seconds.
         */
        TokenSet: {
            /** Access Token */
            access_token: string;
            /** Expires In */
            expires_in: number;
            /** Refresh Token */
            refresh_token: string;
            /** Refresh Expires In */
            refresh_expires_in: number;
            /**
             * Token Type
             * @default Bearer
             */
            token_type: string;
            /** Id Token */
            id_token: string;
            /** Session State */
            session_state: string;
            /**
             * Scope
             * @default openid profile email
             */
            scope: string;
            /** Organization */
            organization: string;
            /**
             * Password Change Required
             * @default false
             */
            password_change_required: boolean;
        };
        /**
         * TrashedOut
         * @description Something in the trash, with how much it holds in all its versions.
         */
        TrashedOut: {
            /** Id */
            id: string;
            /** Bucket Name */
            bucket_name: string;
            /** Path */
            path: string;
            /** Is Dir */
            is_dir: boolean;
            /** Files */
            files: number;
            /** Folders */
            folders: number;
            /** Bytes */
            bytes: number;
            /**
             * Deleted At
             * Format: date-time
             */
            deleted_at: string;
            /**
             * Deleted By
             * @description id of a user
             */
            deleted_by: string | null;
            /** Kept Until */
            kept_until: string | null;
        };
        /**
         * Trouble
         * @description Why a site is not heard: by `code` and `facts`, else as `text`; `since` when, where that is known.
         */
        Trouble: {
            /** Code */
            code: string | null;
            /**
             * Facts
             * @default {}
             */
            facts: {
                [key: string]: unknown;
            };
            /** Since */
            since?: string | null;
            /** Text */
            text: string;
        };
        /**
         * TroubleOut
         * @description A warning or an error that a part of the platform wrote down.
         */
        TroubleOut: {
            /** Id */
            id: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Level
             * @enum {string}
             */
            level: "warning" | "error";
            /**
             * Part
             * @description the process: api or worker
             */
            part: string;
            /** Message */
            message: string;
            /** Facts */
            facts: {
                [key: string]: unknown;
            };
            /** Trace */
            trace: string | null;
        };
        /**
         * Unfinished
         * @description What a draft holds: a submission that may lack anything, or be wrong, but for its workflow.
         * @example {
         *       "parameters": {
         *         "panels": 90
         *       },
         *       "policy": "cheapest",
         *       "wtid": "airfoil"
         *     }
         */
        Unfinished: {
            /**
             * Wtid
             * @description id or name of the workflow
             */
            wtid: string;
            /** Version */
            version?: string | null;
            /**
             * Parameters
             * @default {}
             */
            parameters: {
                [key: string]: unknown;
            };
            /** Resources */
            resources?: {
                [key: string]: unknown;
            } | null;
            policy?: components["schemas"]["Policy"] | null;
            /** Weights */
            weights?: {
                [key: string]: number;
            } | null;
            /** Deadline */
            deadline?: string | null;
            /** Project */
            project?: string | null;
            /** Cluster */
            cluster?: string | null;
            /** Queue */
            queue?: string | null;
            /** Max Cost */
            max_cost?: string | null;
            /** Because */
            because?: string | null;
            /** Notices */
            notices?: ("page" | "browser" | "mail")[] | null;
        };
        /**
         * UploadOut
         * @description A file that arrives in pieces; `waiting` for more, `running` while it becomes a file, then `done` or `failed`.
         */
        UploadOut: {
            /** Id */
            id: string;
            /**
             * Path
             * @description bucket:path
             */
            path: string;
            /** Size */
            size: number;
            /** Received */
            received: number;
            /** State */
            state: string;
            /** Error */
            error: string | null;
            /** Version Id */
            version_id: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * UsageOut
         * @description What was used by one job, execution, user, project, day or all; energy only where it was measured.
         */
        UsageOut: {
            /**
             * Key
             * @description an id or a day; by two of them: both, with a blank between; the cluster of storage is `storage`
             */
            key: string;
            /** Attempts */
            attempts: number;
            /** Core H */
            core_h: string;
            /** Node H */
            node_h: string;
            /** Gpu H */
            gpu_h: string;
            /**
             * Memory Gib H
             * @description memory asked for, else the most seen, over time; null: not known
             */
            memory_gib_h: string | null;
            /**
             * Memory Known
             * @description attempts whose memory is known
             */
            memory_known: number;
            /** Moved Bytes */
            moved_bytes: number;
            /**
             * Stored Gb Month
             * @description 10^9 bytes held for 30 days; not known for an execution or a job
             */
            stored_gb_month: string;
            /** Energy J */
            energy_j: number | null;
            /**
             * Energy Measured
             * @description attempts whose energy was measured
             */
            energy_measured: number;
            /** Charged */
            charged: string;
            /** Overrun */
            overrun: string;
            /** Currency */
            currency: string;
        };
        /**
         * UserChange
         * @example {
         *       "email": "lea@acme.example",
         *       "reset_password": true
         *     }
         */
        UserChange: {
            /** Email */
            email?: string | null;
            /** Firstname */
            firstName?: string | null;
            /** Lastname */
            lastName?: string | null;
            /** Enabled */
            enabled?: boolean | null;
            /** Attributes */
            attributes?: {
                [key: string]: unknown;
            } | null;
            /**
             * Reset Password
             * @description give a new one-time password
             * @default false
             */
            reset_password: boolean;
        };
        /**
         * UserIn
         * @example {
         *       "email": "lea@acme.example",
         *       "firstName": "Lea",
         *       "roles": [
         *         {
         *           "project": "wing",
         *           "role": "engineer"
         *         }
         *       ],
         *       "username": "lea"
         *     }
         */
        UserIn: {
            /**
             * Username
             * @description lower case letters, digits, . _ -
             */
            username: string;
            /** Email */
            email?: string | null;
            /**
             * Firstname
             * @default
             */
            firstName: string;
            /**
             * Lastname
             * @default
             */
            lastName: string;
            /**
             * Attributes
             * @default {}
             */
            attributes: {
                [key: string]: unknown;
            };
            /**
             * Roles
             * @default []
             */
            roles: components["schemas"]["RoleHeld"][];
            /**
             * Service
             * @description a program: it has no password, only tokens
             * @default false
             */
            service: boolean;
        };
        /** UserOut */
        UserOut: {
            /** Id */
            id: string;
            /**
             * Createdtimestamp
             * @description milliseconds since 1970
             */
            createdTimestamp: number;
            /** Username */
            username: string;
            /** Enabled */
            enabled: boolean;
            /** Firstname */
            firstName: string;
            /** Lastname */
            lastName: string;
            /** Email */
            email: string;
            /** Attributes */
            attributes: {
                [key: string]: unknown;
            };
            /** Service */
            service: boolean;
        };
        /**
         * UsualOut
         * @description What the last runs of a workflow took that ended well, at most 50 within a year; time from order to result.
         */
        UsualOut: {
            /** Workflow */
            workflow: string;
            /** Runs */
            runs: number;
            /**
             * Last At
             * Format: date-time
             */
            last_at: string;
            /** @description seconds */
            time: components["schemas"]["SpanOut"] | null;
            /** @description null where you may not see it */
            cost: components["schemas"]["SpanOut"] | null;
            /** Currency */
            currency: string | null;
        };
        /**
         * ValidateIn
         * @example {
         *       "parameters": {
         *         "airfoil": "home:wing/naca2412.dat",
         *         "angles": [
         *           0,
         *           4
         *         ]
         *       }
         *     }
         */
        ValidateIn: {
            /** Parameters */
            parameters?: {
                [key: string]: unknown;
            };
            /** Version */
            version?: number | string | null;
        };
        /**
         * ValidateOut
         * @description `parameters` with defaults filled in; valid means that there are no problems.
         */
        ValidateOut: {
            /** Valid */
            valid: boolean;
            /** Parameters */
            parameters: {
                [key: string]: unknown;
            };
            /** Problems */
            problems: components["schemas"]["ProblemOut"][];
        };
        /**
         * VersionOut
         * @description One publication: a commit of the registry and its tag.
         */
        VersionOut: {
            /** Version */
            version: number;
            /** Tag */
            tag: string;
            /** Commit */
            commit: string;
            /**
             * Published At
             * Format: date-time
             */
            published_at: string;
            /** Published By */
            published_by: string | null;
            /**
             * Publisher
             * @description user name; null: the platform, or another organization's
             */
            publisher?: string | null;
        };
        /**
         * VisibilityIn
         * @example {
         *       "visibility": "restricted"
         *     }
         */
        VisibilityIn: {
            /**
             * Visibility
             * @enum {string}
             */
            visibility: "organization" | "restricted";
        };
        /**
         * WebhookChange
         * @description What to change. Switching it on, or a new address, tries the next event at once.
         * @example {
         *       "active": true
         *     }
         */
        WebhookChange: {
            /** Url */
            url?: string | null;
            /** Types */
            types?: string[] | null;
            /** Title */
            title?: string | null;
            /** Active */
            active?: boolean | null;
        };
        /**
         * WebhookIn
         * @description A new webhook; without `types` it is told everything.
         * @example {
         *       "types": [
         *         "execution.*",
         *         "budget.threshold"
         *       ],
         *       "url": "https://hooks.example.org/heroes"
         *     }
         */
        WebhookIn: {
            /** Url */
            url: string;
            /**
             * Types
             * @default []
             */
            types: string[];
            /**
             * Title
             * @default
             */
            title: string;
        };
        /**
         * WebhookMade
         * @description A webhook with the new secret that signs what it is told; shown once.
         */
        WebhookMade: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            /** Url */
            url: string;
            /** Types */
            types: string[];
            /** Active */
            active: boolean;
            /** Sequence */
            sequence: number;
            /** Attempts */
            attempts: number;
            /** Next Attempt At */
            next_attempt_at: string | null;
            /** Trouble */
            trouble: string | null;
            trouble_why?: components["schemas"]["Why"] | null;
            /** Delivered Event */
            delivered_event: string | null;
            /** Delivered At */
            delivered_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Secret */
            secret: string;
        };
        /**
         * WebhookOut
         * @description A webhook and how it is doing; `trouble` is why the last attempt failed, or why it was switched off.
         */
        WebhookOut: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            /** Url */
            url: string;
            /** Types */
            types: string[];
            /** Active */
            active: boolean;
            /** Sequence */
            sequence: number;
            /** Attempts */
            attempts: number;
            /** Next Attempt At */
            next_attempt_at: string | null;
            /** Trouble */
            trouble: string | null;
            trouble_why?: components["schemas"]["Why"] | null;
            /** Delivered Event */
            delivered_event: string | null;
            /** Delivered At */
            delivered_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * Why
         * @description A reason by a code that stays, with the amounts and names in it.
         */
        Why: {
            /** Code */
            code: string;
            /**
             * Facts
             * @default {}
             */
            facts: {
                [key: string]: unknown;
            };
        };
        /**
         * WhyUnknown
         * @description Why a figure is not known.
         */
        WhyUnknown: {
            /**
             * Code
             * @description not_started, not_told, not_yet, too_short, silent or no_meter
             */
            code: string;
            /** Text */
            text: string;
        };
        /**
         * WorkOut
         * @description The work of one table.
         */
        WorkOut: {
            /** Table */
            table: string;
            /**
             * Due
             * @description could be done now
             */
            due: number;
            /** Under Way */
            under_way: number;
            /** Later */
            later: number;
            /**
             * Failing
             * @description tried again after a failure
             */
            failing: number;
            /** Oldest Due At */
            oldest_due_at: string | null;
        };
        /**
         * WorkRowOut
         * @description One row that waits or fails.
         */
        WorkRowOut: {
            /** Id */
            id: string;
            /** Organization Id */
            organization_id: string;
            /** Due At */
            due_at: string | null;
            /** Failures */
            failures: number;
            /** Last Error */
            last_error: string | null;
            /** Under Way */
            under_way: boolean;
        };
        /** Workflows */
        Workflows: {
            /** Workflows */
            workflows: components["schemas"]["heroes__facades__hpcwaas__schemas__WorkflowOut"][];
        };
        /**
         * ShareIn
         * @description An organization (id or name; none: all), and whether the provider's own account is shared as well.
         * @example {
         *       "organization": "acme"
         *     }
         */
        heroes__clusters__schemas__ShareIn: {
            /** Organization */
            organization?: string | null;
            /**
             * Account
             * @default false
             */
            account: boolean;
            /**
             * Consent
             * @description who of both organizations agreed, and when
             */
            consent?: string | null;
        };
        /**
         * ShareOut
         * @description To whom a cluster is open; `organization` is its name, both null for all organizations.
         */
        heroes__clusters__schemas__ShareOut: {
            /** Organization Id */
            organization_id: string | null;
            /** Organization */
            organization: string | null;
            /** Account */
            account: boolean;
        };
        /**
         * SampleOut
         * @description One run of the past: what it cost, and what it would have cost.
         */
        heroes__costs__schemas__SampleOut: {
            /** Execution */
            execution: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Before */
            before: string;
            /** After */
            after: string;
        };
        /**
         * ShareIn
         * @description Whom to open a bucket to, by name; the name is not needed for the whole organization.
         * @example {
         *       "kind": "project",
         *       "name": "wing",
         *       "right": "read"
         *     }
         */
        heroes__data__schemas__ShareIn: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "user" | "project" | "organization";
            /**
             * Name
             * @default
             */
            name: string;
            /**
             * Right
             * @default read
             * @enum {string}
             */
            right: "read" | "write";
        };
        /**
         * ShareOut
         * @description Whom a bucket is open to.
         */
        heroes__data__schemas__ShareOut: {
            /** Kind */
            kind: string;
            /** Name */
            name: string | null;
            /** Right */
            right: string;
        };
        /**
         * SampleOut
         * @description What a job used in one interval; null is "not known", never zero.
         */
        heroes__executions__schemas__SampleOut: {
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /**
             * End
             * Format: date-time
             */
            end: string;
            /**
             * Cpu Share
             * @description of the cores it asked for, 1 = all of them busy
             */
            cpu_share: number | null;
            /**
             * Power W
             * @description mean, of its nodes as their meter tells
             */
            power_w: number | null;
            /** Memory Bytes */
            memory_bytes: number | null;
        };
        /** StepOut */
        heroes__executions__schemas__StepOut: {
            /** Name */
            name: string;
            /** Title */
            title: string;
            /** State */
            state: string;
            /** Jobs */
            jobs: number;
            /** Jobs Ended */
            jobs_ended: number;
            /** Reason */
            reason: string | null;
            /**
             * Waiting
             * @description what its jobs wait for, in plain words, and the cure
             */
            waiting?: string | null;
            /** @description of one that failed: what ended its job that failed first */
            failure?: components["schemas"]["FailureOut"] | null;
            /** Started At */
            started_at: string | null;
            /** Ended At */
            ended_at: string | null;
        };
        /** Fault */
        heroes__facades__hpcwaas__schemas__Fault: {
            /** Id */
            id: string;
            /** Status */
            status: number;
            /** Title */
            title: string;
            /** Detail */
            detail: string;
        };
        /** WorkflowOut */
        heroes__facades__hpcwaas__schemas__WorkflowOut: {
            /**
             * Id
             * @description application@environment@workflow
             * @example airfoil@any@airfoil
             */
            id: string;
            /** Name */
            name: string;
            /** Application Id */
            application_id: string;
            /** Environment Id */
            environment_id: string;
            /** Environment Name */
            environment_name: string;
        };
        /**
         * Fault
         * @description One thing that is wrong with what was sent.
         */
        heroes__kit__problem__Fault: {
            /**
             * Pointer
             * @description JSON pointer into what was sent
             */
            pointer: string;
            /** Message */
            message: string;
            /**
             * Code
             * @description what is wrong, for whoever says it in another language
             */
            code?: string | null;
            /**
             * Facts
             * @description with the code: the bounds, names and amounts in the message
             * @default {}
             */
            facts: {
                [key: string]: unknown;
            };
            /**
             * Line
             * @description in a file that was sent, counted from 1
             */
            line?: number | null;
            /** Column */
            column?: number | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * ShareIn
         * @description Who may see and run it too: a project or user of yours, another organization, or everyone (no id).
         * @example {
         *       "id": "prj_0123456789",
         *       "kind": "project"
         *     }
         */
        heroes__workflows__schemas__ShareIn: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "organization" | "project" | "user" | "everyone";
            /** Id */
            id?: string | null;
        };
        /** ShareOut */
        heroes__workflows__schemas__ShareOut: {
            /** Kind */
            kind: string;
            /** Id */
            id: string | null;
        };
        /**
         * StepOut
         * @description A step as people see it. `jobs_bound` is the most jobs it can have.
         */
        heroes__workflows__schemas__StepOut: {
            /** Name */
            name: string;
            /** Title */
            title: string;
            /** Needs */
            needs: string[];
            /** Foreach */
            foreach: unknown;
            /** Jobs Bound */
            jobs_bound: number;
            /** Command */
            command: string[] | null;
            /** Script */
            script: string | null;
            /** Resources */
            resources: {
                [key: string]: unknown;
            };
            /** Requires */
            requires: {
                [key: string]: string[];
            };
            /** Placement */
            placement: {
                [key: string]: string | null;
            };
            /** Retries */
            retries: {
                [key: string]: number | null;
            };
            /** Rerunnable */
            rerunnable: boolean;
            /** Checkpoint */
            checkpoint: string[];
            /** Inputs */
            inputs: {
                [key: string]: string;
            };
            /** Outputs */
            outputs: {
                [key: string]: string;
            };
        };
        /**
         * WorkflowOut
         * @description A workflow in a list; `id` is its wtid.
         */
        heroes__workflows__schemas__WorkflowOut: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Title */
            title: string;
            /** Description */
            description: string;
            /** Version */
            version: number;
            /** Visibility */
            visibility: string;
            /** Organization Id */
            organization_id: string;
            /**
             * Published At
             * Format: date-time
             */
            published_at: string;
            /** Published By */
            published_by: string | null;
            /**
             * Publisher
             * @description user name; null: the platform, or another organization's
             */
            publisher?: string | null;
        };
    };
    responses: {
        /** @description Path and query are too long */
        Error414: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There are too many headers */
        Error431: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The platform cannot answer now; try again after `Retry-After` seconds */
        Error503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body ended early, is nested too deep, or has a text that is none */
        Error400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nothing came for too long */
        Error408: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large */
        Error413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_waas_workflows_api_v1_hpcwaas_workflows_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workflows"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    trigger_waas_workflow_api_v1_hpcwaas_workflows__workflow_id__post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Inputs"] | null;
            };
        };
        responses: {
            /** @description Started */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description No cluster can run this now */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_waas_execution_api_v1_hpcwaas_executions__execution_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Execution"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    cancel_waas_execution_api_v1_hpcwaas_executions__execution_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    read_waas_logs_api_v1_hpcwaas_executions__execution_id__logs_get: {
        parameters: {
            query?: {
                from?: number;
                /** @description -1: as many as there are, at most 1000 */
                size?: number;
                /** @description a Go duration; an answer waits so long for news */
                timeout?: string;
                /** @description sum of DEBUG 1, INFO 2, WARN 4, ERROR 8; 0: no DEBUG */
                levels?: number;
            };
            header?: never;
            path: {
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Logs"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description End of the logs */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    make_waas_key_api_v1_hpcwaas_ssh_keys_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["KeyIn"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    login_api_v1_organization_auth_login_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenSet"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            /** @description Not available now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    open_session_api_v1_organization_auth_session_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            /** @description Not available now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refresh_api_v1_organization_auth_refresh_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenSet"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            /** @description Not available now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout_api_v1_organization_auth_logout_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LogoutIn"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_rights_api_v1_organization_auth_rights_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RightOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    me_api_v1_organization_auth_me_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_preferences_api_v1_organization_auth_preferences_patch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Preferences"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preferences"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_password_api_v1_organization_auth_password_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_tokens_api_v1_organization_auth_token_get: {
        parameters: {
            query?: {
                everyone?: boolean;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_token_api_v1_organization_auth_token_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewTokenOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    revoke_token_api_v1_organization_auth_token__token_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_token_api_v1_organization_auth_token__token_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_credential_api_v1_organization_credential_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewCredentialOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_credentials_api_v1_organization_credential_list_get: {
        parameters: {
            query?: {
                everyone?: boolean;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    revoke_credential_api_v1_organization_credential__credential_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                credential_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_credential_api_v1_organization_credential__credential_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                credential_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_users_api_v1_organization_admin_users_get: {
        parameters: {
            query?: {
                search?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_user_api_v1_organization_admin_users_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewUserOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_user_api_v1_organization_admin_users__user__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    delete_user_api_v1_organization_admin_users__user__delete: {
        parameters: {
            query?: {
                /** @description what becomes of the data */
                data?: "delete" | "hand_over";
                /** @description who takes the data over: id or user name */
                heir?: string | null;
            };
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_user_api_v1_organization_admin_users__user__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewUserOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_left_by_user_api_v1_organization_admin_users__user__leaves_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeftOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_groups: {
        parameters: {
            query?: {
                closed?: boolean;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_group: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_projects_api_v1_organization_admin_projects_get: {
        parameters: {
            query?: {
                closed?: boolean;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_project_api_v1_organization_admin_projects_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    delete_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    delete_project_api_v1_organization_admin_projects__project__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_project_api_v1_organization_admin_projects__project__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    reopen_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    reopen_project_api_v1_organization_admin_projects__project__reopen_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_left_by_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeftOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_left_by_project_api_v1_organization_admin_projects__project__leaves_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeftOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_roles_api_v1_organization_admin_roles_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_role_api_v1_organization_admin_roles_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    delete_role_api_v1_organization_admin_roles__name__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_role_api_v1_organization_admin_roles__name__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    restore_role_api_v1_organization_admin_roles__name__restore_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_assignments_api_v1_organization_admin_assignments_get: {
        parameters: {
            query?: {
                user?: string | null;
                project?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssignmentOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    assign_api_v1_organization_admin_assignments_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignmentIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssignmentOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    unassign_api_v1_organization_admin_assignments__assignment_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                assignment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_organization_api_v1_organization_admin_organization_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationSettingsOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_organization_api_v1_organization_admin_organization_patch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganizationSettings"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationSettingsOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_clients_api_v1_organization_admin_clients_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_client_api_v1_organization_admin_clients_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClientIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewClientOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    revoke_client_api_v1_organization_admin_clients__client_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_client_api_v1_organization_admin_clients__client_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClientChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_audit_api_v1_organization_audit_list_get: {
        parameters: {
            query?: {
                /** @description such as user.created, or user.* */
                action?: string | null;
                /** @description id of who did it */
                actor?: string | null;
                /** @description id of what it was done to */
                subject?: string | null;
                since?: string | null;
                until?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_organizations_api_v1_heroes_admin_organizations__get: {
        parameters: {
            query?: {
                organization_target?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationOut"][] | components["schemas"]["OrganizationOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_organization_api_v1_heroes_admin_organizations__post: {
        parameters: {
            query: {
                /** @description the first administrator's */
                user_email: string;
            };
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganizationIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewOrganizationOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    delete_organization_api_v1_heroes_admin_organizations__delete: {
        parameters: {
            query: {
                /** @description name or id */
                organization_target: string;
                /** @description Only count what would be removed. */
                dry_run?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_organization_api_v1_heroes_admin_organizations__patch: {
        parameters: {
            query: {
                /** @description name or id */
                organization_target: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganizationChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_buckets_api_v1_organization_data_list_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BucketOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_bucket_api_v1_organization_data_bucket_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BucketIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BucketOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_bucket_api_v1_organization_data_bucket__bucket__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                bucket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BucketOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    drop_bucket_api_v1_organization_data_bucket__bucket__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                bucket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    set_quota_api_v1_organization_data_bucket__bucket__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                bucket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuotaIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BucketOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_shares_api_v1_organization_data_bucket__bucket__share_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                bucket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["heroes__data__schemas__ShareOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    share_bucket_api_v1_organization_data_bucket__bucket__share_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                bucket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["heroes__data__schemas__ShareIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BucketOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    unshare_bucket_api_v1_organization_data_bucket__bucket__share_delete: {
        parameters: {
            query: {
                kind: "user" | "project" | "organization";
                name?: string;
            };
            header?: never;
            path: {
                bucket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_objects_api_v1_organization_data_bucket__bucket__list_get: {
        parameters: {
            query?: {
                /** @description Only names that start with this; `folder/` for what is in a folder. */
                prefix?: string;
                /** @description All that lies below, not only the next level. */
                bucket_recursive?: boolean;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                bucket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObjectOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_object_api_v1_organization_data_object_get: {
        parameters: {
            query: {
                bucket: string;
                file: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObjectOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    delete_object_api_v1_organization_data_object_delete: {
        parameters: {
            query: {
                bucket: string;
                file: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_checksum_api_v1_organization_data_checksum_get: {
        parameters: {
            query: {
                bucket: string;
                file: string;
                version_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChecksumOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    make_folder_api_v1_organization_data_folder_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FolderIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObjectOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    move_api_v1_organization_data_move_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_size_api_v1_organization_data_size_get: {
        parameters: {
            query: {
                bucket: string;
                file: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SizeOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_versions_api_v1_organization_data_versions_get: {
        parameters: {
            query: {
                bucket: string;
                file: string;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObjectOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    restore_api_v1_organization_data_restore_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestoreIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObjectOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    put_object_api_v1_organization_data_bucket__bucket__object__path__put: {
        parameters: {
            query?: {
                /** @description octal permission bits */
                mode?: string;
                /** @description time of the file; now if absent */
                mtime?: string | null;
            };
            header?: {
                /** @description checked */
                "x-content-sha256"?: string | null;
                /** @description RFC 9530, `sha-256=:…:`; checked */
                "content-digest"?: string | null;
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                bucket: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example any bytes */
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObjectOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            /** @description Not available now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upload_api_v1_organization_data_upload_post: {
        parameters: {
            query?: {
                /** @description octal permission bits */
                mode?: string;
                /** @description time of the file; now if absent */
                mtime?: string | null;
            };
            header?: {
                /** @description checked */
                "x-content-sha256"?: string | null;
                /** @description RFC 9530, `sha-256=:…:`; checked */
                "content-digest"?: string | null;
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "bucket": "home",
                 *       "path": "wing/naca2412.dat",
                 *       "file": "any bytes"
                 *     }
                 */
                "multipart/form-data": {
                    bucket: string;
                    /** @description Name in the bucket; ends with / for a folder. */
                    path?: string;
                    /** @description Checked, if given. */
                    sha256?: string;
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObjectOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            /** @description Not available now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    download_api_v1_organization_data_download_get: {
        parameters: {
            query: {
                bucket: string;
                /** @description A file, or a folder for an archive of all below it. */
                file?: string;
                version_id?: string | null;
                /** @description of a folder's archive */
                format?: "zip" | "tar";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, or a folder as an archive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description One range of the bytes */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It changed meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description No such range */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_trash_api_v1_organization_data_trash_get: {
        parameters: {
            query?: {
                bucket?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrashedOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    throw_away_api_v1_organization_data_trash_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ThrowIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrashedOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    recover_api_v1_organization_data_trash__trashed__restore_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                trashed: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecoverIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    delete_for_good_api_v1_organization_data_trash__trashed__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                trashed: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_uploads_api_v1_organization_data_uploads_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    begin_upload_api_v1_organization_data_uploads_post: {
        parameters: {
            query?: never;
            header: {
                /** @description bytes of the whole file */
                "Upload-Length": number;
                /** @description tus metadata: `path` (bucket:path), and optionally `sha256`, `mtime`, `mode`, `place` */
                "Upload-Metadata": string;
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_upload_api_v1_organization_data_uploads__upload__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    end_upload_api_v1_organization_data_uploads__upload__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    where_upload_api_v1_organization_data_uploads__upload__head: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    send_upload_api_v1_organization_data_uploads__upload__patch: {
        parameters: {
            query?: never;
            header: {
                /** @description where these bytes begin */
                "Upload-Offset": number;
            };
            path: {
                upload: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example any bytes */
                "application/offset+octet-stream": unknown;
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Not the right kind of content */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            /** @description Not available now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    existing_api_v1_organization_data_existing_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExistingIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExistingOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_operations_api_v1_organization_operations_list_get: {
        parameters: {
            query?: {
                unfinished?: boolean;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_operation_api_v1_organization_operations__operation_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_workflows_api_v1_organization_workflow_list_get: {
        parameters: {
            query?: {
                /** @description only these, as far as you see them */
                id?: string[] | null;
                /** @description only those whose newest version has such an input */
                takes?: ("file" | "folder") | null;
                withdrawn?: boolean;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["heroes__workflows__schemas__WorkflowOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_format_api_v1_organization_workflow_schema_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    publish_workflow_api_v1_organization_workflow_template_post: {
        parameters: {
            query?: {
                /** @description for the tar form */
                message?: string;
                visibility?: ("organization" | "restricted") | null;
            };
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Files
                     * @description text of each file, by its path
                     */
                    files: {
                        [key: string]: string;
                    };
                    /**
                     * Message
                     * @default
                     */
                    message?: string;
                    /** Visibility */
                    visibility?: ("organization" | "restricted") | null;
                };
                /** @example a tar of the folder */
                "application/x-tar": string;
                /** @example the same, compressed */
                "application/gzip": string;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_workflow_api_v1_organization_workflow_template__wtid__get: {
        parameters: {
            query?: {
                version?: string | null;
            };
            header?: never;
            path: {
                wtid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    withdraw_workflow_api_v1_organization_workflow_template__wtid__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                wtid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_visibility_api_v1_organization_workflow_template__wtid__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                wtid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VisibilityIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["heroes__workflows__schemas__WorkflowOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    validate_parameters_api_v1_organization_workflow_template__wtid__validate_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                wtid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ValidateIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidateOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    restore_workflow_api_v1_organization_workflow_template__wtid__restore_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                wtid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["heroes__workflows__schemas__WorkflowOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_shares_api_v1_organization_workflow_template__wtid__shares_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                wtid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["heroes__workflows__schemas__ShareOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    share_workflow_api_v1_organization_workflow_template__wtid__shares_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                wtid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["heroes__workflows__schemas__ShareIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["heroes__workflows__schemas__ShareOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    unshare_workflow_api_v1_organization_workflow_template__wtid__shares_delete: {
        parameters: {
            query?: {
                kind?: ("organization" | "project" | "user" | "everyone") | null;
                id?: string | null;
            };
            header?: never;
            path: {
                wtid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_clusters_api_v1_organization_cluster_list_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    enrol_cluster_api_v1_organization_cluster_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrolIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolledOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_cluster_api_v1_organization_cluster__cluster__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    remove_cluster_api_v1_organization_cluster__cluster__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_cluster_api_v1_organization_cluster__cluster__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    pause_cluster_api_v1_organization_cluster__cluster__pause_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    resume_cluster_api_v1_organization_cluster__cluster__resume_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    approve_host_key_api_v1_organization_cluster__cluster__host_key_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HostKeyIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_queues_api_v1_organization_cluster__cluster__queues_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_sightings_api_v1_organization_cluster__cluster__sightings_get: {
        parameters: {
            query?: {
                queue?: string | null;
                hours?: number;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SightingOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_lines_api_v1_organization_cluster__cluster__lines_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    add_line_api_v1_organization_cluster__cluster__lines_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    remove_line_api_v1_organization_cluster__cluster__lines__line__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cluster: string;
                line: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_line_api_v1_organization_cluster__cluster__lines__line__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cluster: string;
                line: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    check_cluster_api_v1_organization_cluster__cluster__check_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CheckIn"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_concerned_api_v1_organization_cluster__cluster__concerned_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConcernedOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_report_api_v1_organization_cluster__cluster__report_get: {
        parameters: {
            query?: {
                id?: string | null;
            };
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_shares_api_v1_organization_cluster__cluster__shares_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["heroes__clusters__schemas__ShareOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    share_cluster_api_v1_organization_cluster__cluster__shares_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["heroes__clusters__schemas__ShareIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["heroes__clusters__schemas__ShareOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    unshare_cluster_api_v1_organization_cluster__cluster__shares_delete: {
        parameters: {
            query?: {
                organization?: string | null;
            };
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_tariffs_api_v1_organization_tariff_list_get: {
        parameters: {
            query?: {
                cluster?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TariffOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_tariff_api_v1_organization_tariff_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TariffIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TariffOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    preview_price_api_v1_organization_tariff_preview_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    preview_tariff_api_v1_organization_tariff_effect_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TariffIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EffectOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_tariff_api_v1_organization_tariff__tariff__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tariff: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TariffOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    end_tariff_api_v1_organization_tariff__tariff__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tariff: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TariffOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_budgets_api_v1_organization_budget_list_get: {
        parameters: {
            query?: {
                closed?: boolean;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_budget_api_v1_organization_budget_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BudgetIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_ledger_api_v1_organization_budget_ledger_get: {
        parameters: {
            query?: {
                execution?: string | null;
                /** @description id or name */
                project?: string | null;
                /** @description id */
                user?: string | null;
                /** @description in any case */
                kind?: components["schemas"]["EntryKind"] | null;
                since?: string | null;
                until?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_usage_api_v1_organization_budget_usage_get: {
        parameters: {
            query?: {
                by?: components["schemas"]["By"];
                since?: string | null;
                until?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_items_api_v1_organization_budget_items_get: {
        parameters: {
            query?: {
                since?: string | null;
                until?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_storage_api_v1_organization_budget_storage_get: {
        parameters: {
            query?: {
                since?: string | null;
                until?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_statement_api_v1_organization_budget_statement_get: {
        parameters: {
            query: {
                /** @description such as 2026-11 */
                month: string;
                /** @description id or name; left out: the whole organization */
                project?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    export_statement_api_v1_organization_budget_statement_csv_get: {
        parameters: {
            query: {
                /** @description such as 2026-11 */
                month: string;
                /** @description id or name; left out: the whole organization */
                project?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    reserve_more_api_v1_organization_budget_reservation__execution__post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                execution: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoreIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict; Over budget */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_budget_api_v1_organization_budget__budget__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                budget: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    close_budget_api_v1_organization_budget__budget__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                budget: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_budget_api_v1_organization_budget__budget__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                budget: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BudgetChangeIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_decisions_api_v1_organization_decision_list_get: {
        parameters: {
            query?: {
                execution?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionSummary"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_policy_api_v1_organization_decision_policy_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnPolicyOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_policy_api_v1_organization_decision_policy_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnPolicyIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnPolicyOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    report_predictions_api_v1_organization_decision_report_get: {
        parameters: {
            query?: {
                workflow?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_ended_jobs_api_v1_organization_decision_history_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ended"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    get_decision_api_v1_organization_decision__decision_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                decision_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    decide_api_v1_organization_decision_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Request"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ranking"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    submit_api_v1_organization_workflow_submit_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Submission"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description No cluster can run this now; Over budget; Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_executions_api_v1_organization_workflow_executions_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
                /** @description in any case */
                status?: components["schemas"]["Status"] | null;
                /** @description name or id */
                workflow?: string | null;
                /** @description name or id */
                project?: string | null;
                /** @description name of the cluster chosen */
                cluster?: string | null;
                /** @description username of who began it */
                user?: string | null;
                /** @description submitted at this time or later */
                since?: string | null;
                /** @description submitted before this time */
                until?: string | null;
                /** @description part of the name or reason, or the beginning of the id */
                search?: string | null;
                /** @description took this file, bucket:path, or one below this folder; any of them */
                takes?: string[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_running_api_v1_organization_workflow_running_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
                /** @description in any case */
                status?: components["schemas"]["Status"] | null;
                /** @description name or id */
                workflow?: string | null;
                /** @description name or id */
                project?: string | null;
                /** @description name of the cluster chosen */
                cluster?: string | null;
                /** @description username of who began it */
                user?: string | null;
                /** @description submitted at this time or later */
                since?: string | null;
                /** @description submitted before this time */
                until?: string | null;
                /** @description part of the name or reason, or the beginning of the id */
                search?: string | null;
                /** @description took this file, bucket:path, or one below this folder; any of them */
                takes?: string[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_execution_api_v1_organization_workflow__wid__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                wid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    cancel_execution_api_v1_organization_workflow__wid__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                wid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    choose_notices_api_v1_organization_workflow__wid__notices_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                wid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoticesIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    restart_execution_api_v1_organization_workflow__wid__restart_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                wid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Restart"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description No cluster can run this now; Over budget; Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_attempts_api_v1_organization_workflow__wid__attempts_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                wid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_jobs_api_v1_organization_workflow__wid__jobs_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                wid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_usage_api_v1_organization_workflow__wid__usage_get: {
        parameters: {
            query?: {
                /** @description Only of this step. */
                step?: string | null;
                /** @description Only of this job of the step. */
                index?: number | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                wid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobUsageOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_results_api_v1_organization_workflow__wid__results_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                wid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_cost_api_v1_organization_workflow__wid__cost_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                wid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CostOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_drafts_api_v1_organization_draft_list_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_draft_api_v1_organization_draft__draft__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description your own choice: drf_, then 10 to 40 a-z or 0-9 */
                draft: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    keep_draft_api_v1_organization_draft__draft__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description your own choice: drf_, then 10 to 40 a-z or 0-9 */
                draft: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    drop_draft_api_v1_organization_draft__draft__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description your own choice: drf_, then 10 to 40 a-z or 0-9 */
                draft: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_log_api_v1_organization_workflow__wid__logs_get: {
        parameters: {
            query?: {
                /** @description Only of this step. */
                step?: string | null;
                /** @description Only of this job of the step. */
                index?: number | null;
                stream?: string;
                /** @description Bytes that were read before. */
                offset?: number;
                /** @description That the offset belongs to; else the present. */
                attempt?: number | null;
            };
            header?: never;
            path: {
                wid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            /** @description Not available now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    follow_log_api_v1_organization_workflow__wid__logs__stream__get: {
        parameters: {
            query?: {
                /** @description A stream until the job has ended; else one piece. */
                follow?: boolean;
                /** @description Only of this step. */
                step?: string | null;
                /** @description Only of this job of the step. */
                index?: number | null;
                /** @description Bytes that were read before. */
                offset?: number;
                /** @description That the offset belongs to; else the present. */
                attempt?: number | null;
            };
            header?: {
                /** @description Replaces `offset`. */
                "last-event-id"?: string | null;
            };
            path: {
                wid: string;
                stream: "stdout" | "stderr";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece, or a stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogOut"];
                    "text/event-stream": unknown;
                };
            };
            /** @description Nothing more will come */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            /** @description Not available now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_log_lines_api_v1_organization_workflow__wid__logs__stream__lines_get: {
        parameters: {
            query?: {
                /** @description Only of this step. */
                step?: string | null;
                /** @description Only of this job of the step. */
                index?: number | null;
                /** @description from 0 on; below 0: from the end */
                begin?: number;
                limit?: number;
                /** @description only lines of this level */
                level?: ("error" | "warning" | "info" | "debug") | null;
                /** @description only lines that hold this */
                search?: string | null;
            };
            header?: never;
            path: {
                wid: string;
                stream: "stdout" | "stderr";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLinesOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    find_in_log_api_v1_organization_workflow__wid__logs__stream__matches_get: {
        parameters: {
            query: {
                /** @description whatever its case */
                search: string;
                /** @description Only of this step. */
                step?: string | null;
                /** @description Only of this job of the step. */
                index?: number | null;
            };
            header?: never;
            path: {
                wid: string;
                stream: "stdout" | "stderr";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogMatchesOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    download_log_api_v1_organization_workflow__wid__logs__stream__text_get: {
        parameters: {
            query?: {
                /** @description Only of this step. */
                step?: string | null;
                /** @description Only of this job of the step. */
                index?: number | null;
            };
            header?: never;
            path: {
                wid: string;
                stream: "stdout" | "stderr";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    follow_organization_api_v1_organization_events_get: {
        parameters: {
            query?: {
                /** @description Replay what came after this number. */
                after?: number | null;
                /** @description Stay open for what comes; else end with what is there. */
                follow?: boolean;
            };
            header?: {
                /** @description The last number seen; replaces `after`. */
                "last-event-id"?: number | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-Sent Events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            /** @description Nothing more will come */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    follow_execution_api_v1_organization_workflow__wid__events_get: {
        parameters: {
            query?: {
                /** @description Replay what came after this number. */
                after?: number | null;
                /** @description Stay open for what comes; else end with what is there. */
                follow?: boolean;
            };
            header?: {
                /** @description The last number seen; replaces `after`. */
                "last-event-id"?: number | null;
            };
            path: {
                wid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-Sent Events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            /** @description Nothing more will come */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_notices_api_v1_organization_notice_list_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_notice_wish_api_v1_organization_notice_wish_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeWishOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_notice_wish_api_v1_organization_notice_wish_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoticeWishIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeWishOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_awaited_clusters_api_v1_organization_notice_cluster_list_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AwaitedOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    await_cluster_api_v1_organization_notice_cluster_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AwaitedIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AwaitedOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    withdraw_awaited_cluster_api_v1_organization_notice_cluster__awaited__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                awaited: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_push_key_api_v1_organization_notice_browser_key_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushKeyOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_browsers_api_v1_organization_notice_browser_list_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BrowserOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    add_browser_api_v1_organization_notice_browser_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BrowserIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BrowserOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    forget_browser_api_v1_organization_notice_browser__browser__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                browser: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    try_browser_api_v1_organization_notice_browser__browser__test_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                browser: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BrowserOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_webhooks_api_v1_organization_webhook_list_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    create_webhook_api_v1_organization_webhook_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookMade"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_webhook_api_v1_organization_webhook__webhook__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    delete_webhook_api_v1_organization_webhook__webhook__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_webhook_api_v1_organization_webhook__webhook__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookOut"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["Error408"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    change_secret_api_v1_organization_webhook__webhook__secret_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookMade"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    test_webhook_api_v1_organization_webhook__webhook__test_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_dead_letters_api_v1_organization_webhook__webhook__dead_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    resend_dead_letter_api_v1_organization_webhook__webhook__dead__letter__resend_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key: done once */
                "idempotency-key"?: string | null;
            };
            path: {
                webhook: string;
                letter: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_judged_decisions_api_v1_organization_insights_decisions_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JudgedOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_usual_figures_api_v1_organization_insights_workflows_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsualOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_how_jobs_fared_api_v1_organization_insights_cluster__cluster__get: {
        parameters: {
            query?: {
                /** @description what was ordered in the last so many days */
                days?: number;
                /** @description only your own organization's jobs */
                own?: boolean;
            };
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaredOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_failures_of_cluster_api_v1_organization_insights_cluster__cluster__failures_get: {
        parameters: {
            query?: {
                /** @description what was ordered in the last so many days */
                days?: number;
                cause?: components["schemas"]["Cause"] | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailedOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_names_api_v1_organization_insights_names_get: {
        parameters: {
            query: {
                /** @description at most 400 */
                id: string[];
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NameOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_troubles_api_v1_heroes_admin_logs_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
                /** @description The least that is told. */
                level?: "warning" | "error";
                part?: string | null;
                /** @description Text anywhere in the line. */
                search?: string | null;
                since?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TroubleOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    download_troubles_api_v1_heroes_admin_logs_text_get: {
        parameters: {
            query?: {
                /** @description The least that is told. */
                level?: "warning" | "error";
                part?: string | null;
                /** @description Text anywhere in the line. */
                search?: string | null;
                since?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_health_api_v1_heroes_admin_health_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_work_api_v1_heroes_admin_work_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    list_work_rows_api_v1_heroes_admin_work__table__get: {
        parameters: {
            query?: {
                failing?: boolean;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkRowOut"][];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    retry_work_api_v1_heroes_admin_work__table___row__retry_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
                row: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkRowOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
    show_services_api_v1_heroes_services_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServicesOut"];
                };
            };
            /** @description Sign in first */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["Error414"];
            /** @description Invalid input */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            503: components["responses"]["Error503"];
        };
    };
}
