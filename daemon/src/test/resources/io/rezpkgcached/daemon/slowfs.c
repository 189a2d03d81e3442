/*
 * Shows a folder at another place, read only, as storage behind a slow network does: each call takes a while, and
 * none comes back while the control file exists.
 *
 * slowfs SOURCE CONTROL_FILE MICROSECONDS MOUNT_POINT [FUSE OPTIONS]
 */
#define FUSE_USE_VERSION 31
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *source, *control;
static useconds_t delay;

/* The real path, once the storage answers. */
static const char *at(const char *path, char *real) {
    usleep(delay);
    while (access(control, F_OK) == 0)
        usleep(10000);
    snprintf(real, PATH_MAX, "%s%s", source, path);
    return real;
}

static int result(int value) { return value < 0 ? -errno : value; }

static int slow_getattr(const char *path, struct stat *st, struct fuse_file_info *fi) {
    (void)fi;
    char real[PATH_MAX];
    return result(lstat(at(path, real), st));
}

static int slow_readlink(const char *path, char *text, size_t size) {
    char real[PATH_MAX];
    int length = result(readlink(at(path, real), text, size - 1));
    if (length >= 0)
        text[length] = 0;
    return length < 0 ? length : 0;
}

static int slow_readdir(const char *path, void *list, fuse_fill_dir_t fill, off_t from, struct fuse_file_info *fi,
                        enum fuse_readdir_flags flags) {
    (void)from, (void)fi, (void)flags;
    char real[PATH_MAX];
    DIR *folder = opendir(at(path, real));
    if (!folder)
        return -errno;
    for (struct dirent *name; (name = readdir(folder));)
        fill(list, name->d_name, NULL, 0, 0);
    closedir(folder);
    return 0;
}

static int slow_open(const char *path, struct fuse_file_info *fi) {
    char real[PATH_MAX];
    int file = open(at(path, real), O_RDONLY);
    if (file < 0)
        return -errno;
    fi->fh = (uint64_t)file;
    return 0;
}

static int slow_read(const char *path, char *bytes, size_t size, off_t from, struct fuse_file_info *fi) {
    char real[PATH_MAX];
    at(path, real);
    return result((int)pread((int)fi->fh, bytes, size, from));
}

static int slow_release(const char *path, struct fuse_file_info *fi) {
    (void)path;
    return result(close((int)fi->fh));
}

static void *slow_init(struct fuse_conn_info *connection, struct fuse_config *config) {
    (void)connection;
    config->attr_timeout = config->entry_timeout = 0; /* each look is a call */
    return NULL;
}

static const struct fuse_operations operations = {
    .init = slow_init, .getattr = slow_getattr, .readlink = slow_readlink, .readdir = slow_readdir,
    .open = slow_open, .read = slow_read, .release = slow_release,
};

int main(int count, char **words) {
    if (count < 5)
        return 64;
    source = words[1], control = words[2], delay = (useconds_t)atoi(words[3]);
    words[3] = words[0];
    return fuse_main(count - 3, words + 3, &operations, NULL);
}
